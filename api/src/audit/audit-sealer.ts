import type { Clock } from '../clock.ts';
import { isDuplicateKey } from '../database/errors.ts';
import type { Logger } from '../logging/logger.ts';
import type { Block } from './audit-block.model.ts';
import { canonical, nextBlock, type Sealable } from './audit-chain.ts';
import type { AuditHeads } from './audit-heads.ts';
import type { AuditRepository } from './audit.repository.ts';

/** A number that was given out, and what became of it. */
export interface Slot {
  readonly number: number;
  readonly content: string;
  fate: 'pending' | 'written' | 'void' | 'unknown';
}

interface Parts {
  readonly repository: AuditRepository;
  readonly heads: AuditHeads;
  readonly writer: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** How long entries wait for others before they are sealed together. */
const SEAL_AFTER_MS = 200;
/** When the database refused, or somebody was still writing. */
const RETRY_AFTER_MS = 1000;
/** Links in one block, so that a block stays far below the size limit of a document. */
const MAX_LINKS = 2000;
/** Other processes append to the same chain: so often it is tried anew at once. */
const MAX_ATTEMPTS = 20;

/**
 * Chains this process' entries, in the order of their numbers, shortly after they were written. What is chained is
 * what this process remembers having written, not what the database says: an entry that somebody changes or removes
 * before it is sealed is found all the same.
 */
export class AuditSealer {
  readonly #parts: Parts;
  readonly #slots: Slot[] = [];
  #given = 0;
  #last: Block | undefined;
  #timer: NodeJS.Timeout | undefined;
  #sealing: Promise<void> | undefined;
  #closed = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AuditSealer {
    return new AuditSealer(parts);
  }

  get writer(): string {
    return this.#parts.writer;
  }

  nextNumber(): number {
    this.#given += 1;
    return this.#given;
  }

  /** Remembers what is about to be written under a number. Numbers come in their order. */
  announce(number: number, content: string): Slot {
    const slot: Slot = { number, content, fate: 'pending' };
    this.#slots.push(slot);
    return slot;
  }

  /** Seals in a moment what has been written. */
  sealSoon(afterMs = SEAL_AFTER_MS): void {
    if (this.#closed || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      void this.#trySeal();
    }, afterMs).unref();
  }

  /** Seals everything that can be sealed now. @throws the driver's error */
  seal(): Promise<void> {
    this.#sealing = (this.#sealing ?? Promise.resolve()).catch(() => undefined).then(() => this.#sealAll());
    return this.#sealing;
  }

  /** Seals what is left. What cannot be is sealed by another process later. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const { repository, heads, logger, writer } = this.#parts;
    try {
      try {
        await this.seal();
      } finally {
        await heads.close();
      }
      if (this.#slots.length === 0) await repository.writerEnded(writer);
    } catch (error) {
      logger.warn({ err: error }, 'The end of the audit trail could not be sealed: the next start does it');
    }
  }

  async #trySeal(): Promise<void> {
    try {
      await this.seal();
      if (this.#slots.length > 0) this.sealSoon(RETRY_AFTER_MS);
    } catch (error) {
      this.#parts.logger.warn({ err: error }, 'The audit trail could not be sealed: it is tried again');
      this.sealSoon(RETRY_AFTER_MS);
    }
  }

  async #sealAll(): Promise<void> {
    for (;;) {
      await this.#askUnknown();
      const open = this.#slots.findIndex(({ fate }) => fate === 'pending' || fate === 'unknown');
      const ready = this.#slots.slice(0, Math.min(open === -1 ? this.#slots.length : open, MAX_LINKS));
      if (ready.length === 0) return;
      await this.#append(
        ready.map(({ number, content, fate }) => ({ number, content: fate === 'void' ? undefined : content })),
      );
    }
  }

  /** Appends one block; another process may be faster, then it follows that one's. */
  async #append(slots: readonly Sealable[]): Promise<void> {
    const { repository, heads, writer, clock } = this.#parts;
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      this.#last ??= await repository.lastBlock();
      const facts = { recovered: false, sealedAt: new Date(clock.now()) };
      const block = nextBlock(this.#last, writer, slots, facts);
      try {
        await repository.insertBlock(block);
        this.#last = block;
        this.#slots.splice(0, slots.length);
        await heads.note(block);
        return;
      } catch (error) {
        this.#last = undefined;
        if (!isDuplicateKey(error)) throw error;
        if (await this.#dropSealed()) return;
      }
    }
    throw new Error('Other processes kept appending to the audit chain');
  }

  /** Forgets what is sealed: by an answer that was lost, or by another process that took this one for dead. */
  async #dropSealed(): Promise<boolean> {
    const sealedTo = await this.#parts.repository.sealedTo(this.writer);
    const sealed = this.#slots.filter(({ number }) => number <= sealedTo).length;
    this.#slots.splice(0, sealed);
    return sealed > 0;
  }

  /** Looks whether entries are there whose writing ended without an answer. */
  async #askUnknown(): Promise<void> {
    const unknown = this.#slots.filter(({ fate }) => fate === 'unknown');
    const [first, last] = [unknown[0], unknown.at(-1)];
    if (first === undefined || last === undefined) return;
    const found = await this.#parts.repository.run(this.writer, first.number, last.number);
    const written = new Set(found.flatMap(({ entry }) => (entry === undefined ? [] : [canonical(entry)])));
    for (const slot of unknown) slot.fate = written.has(slot.content) ? 'written' : 'void';
  }
}
