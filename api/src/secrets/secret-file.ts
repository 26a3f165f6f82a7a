import { randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Whether a file-system error says that the file is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}

async function writeBeside(file: string, content: string, mode: number): Promise<string> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, content, { mode, flag: 'wx' });
  // The mode of a new file is narrowed by the umask; a public file must stay readable.
  await chmod(temporary, mode);
  return temporary;
}

/** Writes a file so that a reader sees the old content or the new, never half of it. */
export async function writeAtomically(file: string, content: string, mode = 0o600): Promise<void> {
  const temporary = await writeBeside(file, content, mode);
  try {
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/**
 * Reads a secret, or makes it when this is the first start. Two processes that start at once agree on one:
 * the file appears by a hard link, which only the first of them can make.
 */
export async function readOrCreateSecret(file: string, create: () => string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  const temporary = await writeBeside(file, create(), 0o600);
  try {
    await link(temporary, file);
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
  return readFile(file, 'utf8');
}
