import { mkdir, open, readFile, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Logger } from '../logging/logger.ts';
import { isMissing } from '../secrets/secret-file.ts';
import type { Block } from './audit-block.model.ts';

/** The hash of a block at the time when it was the last one. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** The longest that a block stands without a head that covers it; heads are noted at most this often. */
const NOTE_EVERY_MS = 30_000;

/** A whole line; what a full disk or a power cut has left of one says nothing. */
const LINE = /^(\d+) ([0-9a-f]{64})$/;

interface Options {
  readonly everyMs?: number | undefined;
  readonly logger?: Logger | undefined;
}

/**
 * Notes heads of the chain in a file that is not in the database: whoever cuts the end of the chain off, or makes a
 * new one, contradicts it. Lines are only appended: `number hash`.
 */
export class AuditHeads {
  readonly #file: string;
  readonly #everyMs: number;
  readonly #logger: Logger | undefined;
  #notedAtMs = -Infinity;
  #noted = 0;
  /** The last block that is not noted yet. */
  #open: Block | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, { everyMs = NOTE_EVERY_MS, logger }: Options) {
    this.#file = file;
    this.#everyMs = everyMs;
    this.#logger = logger;
  }

  static create(file: string, options: Options = {}): AuditHeads {
    return new AuditHeads(file, options);
  }

  /** Every head that was noted, oldest first. */
  async all(): Promise<Head[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return text.split('\n').flatMap((line) => {
      const [, number, hash] = LINE.exec(line) ?? [];
      return number === undefined || hash === undefined ? [] : [{ number: Number(number), hash }];
    });
  }

  /** Notes a head: at once after a pause, else as soon as the last note is old enough, then the last one of them. */
  async note(block: Block): Promise<void> {
    this.#open = block;
    const waitMs = this.#notedAtMs + this.#everyMs - performance.now();
    if (waitMs <= 0) await this.#write();
    else this.#writeLater(waitMs);
  }

  /** The server stops: notes what is open, there is no later. @throws the file system's error */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#writing;
    if (this.#open !== undefined) await this.#append(this.#open);
  }

  #writeLater(afterMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#write();
    }, afterMs).unref();
  }

  /** A full disk must not keep entries from being sealed: what cannot be noted is tried again. */
  #write(): Promise<void> {
    this.#writing = this.#writing.then(async () => {
      try {
        if (this.#open !== undefined) await this.#append(this.#open);
      } catch (error) {
        this.#logger?.warn({ err: error }, 'A head of the audit chain could not be noted: it is tried again');
        this.#writeLater(this.#everyMs);
      }
    });
    return this.#writing;
  }

  async #append(block: Block): Promise<void> {
    if (block._id !== this.#noted) {
      await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
      await using file = await open(this.#file, 'a+', 0o600);
      const beginning = (await endsInLine(file)) ? '' : '\n';
      await file.appendFile(`${beginning}${block._id} ${block.hash}\n`);
      this.#notedAtMs = performance.now();
      this.#noted = block._id;
    }
    if (this.#open === block) this.#open = undefined;
  }
}

/** Whether what is appended begins a line. */
async function endsInLine(file: FileHandle): Promise<boolean> {
  const { size } = await file.stat();
  if (size === 0) return true;
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1);
  return buffer.toString() === '\n';
}
