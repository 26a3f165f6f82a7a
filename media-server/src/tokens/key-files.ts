import { createPrivateKey, createPublicKey, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

const PRIVATE_MODE = 0o600;
const PUBLIC_MODE = 0o644;
const FOLDER_MODE = 0o700;

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** Writes a file that is either whole or not there. `replace: false` leaves a file that somebody else made first. */
async function writeWhole(path: string, content: string, mode: number, replace: boolean): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE });
  const temporary = `${path}.${randomUUID()}.tmp`;
  await writeFile(temporary, content, { mode, flag: 'wx' });
  if (replace) return rename(temporary, path);
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

/** Takes a PEM key; throws when it is not of the one kind that ES256 uses. */
function requireP256(key: KeyObject, path: string): KeyObject {
  if (key.asymmetricKeyType !== 'ec' || key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') {
    throw new Error(`${path} is not a P-256 key`);
  }
  return key;
}

/** This node's signing key; both files are made on the first start, and the public one kept in step. */
export async function ensureKeyPair(privatePath: string, publicPath: string): Promise<KeyObject> {
  if ((await readIfThere(privatePath)) === undefined) {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await writeWhole(privatePath, pem, PRIVATE_MODE, false);
  }
  const privateKey = requireP256(createPrivateKey(await readFile(privatePath, 'utf8')), privatePath);
  const publicPem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  if ((await readIfThere(publicPath)) !== publicPem) await writeWhole(publicPath, publicPem, PUBLIC_MODE, true);
  return privateKey;
}

/** The other server's public key. It is read at first use, and again while it is missing: either may start first. */
export class PublicKeyFile {
  readonly #path: string;
  #key: KeyObject | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Undefined while the other server has not made it. */
  async read(): Promise<KeyObject | undefined> {
    if (this.#key !== undefined) return this.#key;
    const pem = await readIfThere(this.#path);
    if (pem !== undefined) this.#key = requireP256(createPublicKey(pem), this.#path);
    return this.#key;
  }
}
