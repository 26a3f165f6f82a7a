import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isMissing } from '../secrets/secret-file.ts';
import type { Block } from './audit-block.model.ts';

/** The hash of a block at the time when it was the last one. */
export interface Head {
  readonly number: number;
  readonly hash: string;
}

/** Heads are noted at most this often, and when the server stops. */
const NOTE_EVERY_MS = 60_000;

/**
 * Notes heads of the chain in a file that is not in the database: whoever cuts the end of the chain off, or makes a
 * new one, contradicts it. Lines are only appended: `number hash`.
 */
export class AuditHeads {
  readonly #file: string;
  #notedAtMs = -Infinity;
  #noted = 0;

  private constructor(file: string) {
    this.#file = file;
  }

  static create(file: string): AuditHeads {
    return new AuditHeads(file);
  }

  /** Every head that was noted, oldest first. */
  async all(): Promise<Head[]> {
    const text = await readFile(this.#file, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '';
      throw error;
    });
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const [number = '', hash = ''] = line.split(' ');
        return { number: Number(number), hash };
      });
  }

  /** Notes a head, unless one was noted a moment ago. @param atOnce the server stops: there is no later */
  async note({ _id, hash }: Block, atOnce = false): Promise<void> {
    const nowMs = performance.now();
    if (_id === this.#noted || (!atOnce && nowMs - this.#notedAtMs < NOTE_EVERY_MS)) return;
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    await appendFile(this.#file, `${_id} ${hash}\n`, { mode: 0o600 });
    this.#notedAtMs = nowMs;
    this.#noted = _id;
  }
}
