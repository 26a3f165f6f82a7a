import type { Clock } from '../clock.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { Rounds } from '../jobs/rounds.ts';
import type { Logger } from '../logging/logger.ts';
import { canonical, isMac, nextBlock, type Sealable } from './audit-chain.ts';
import type { AuditRepository } from './audit.repository.ts';

interface Parts {
  readonly repository: AuditRepository;
  readonly writer: string;
  readonly key: Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** A living writer says so this often. */
const SIGN_OF_LIFE_MS = 30_000;
/** A writer that says nothing for so long is dead. Transactions last at most 60 s, so nothing of it comes later. */
const DEAD_AFTER_MS = 180_000;
const MAX_LINKS = 2000;

/** Seals what a process that died (power cut, kill -9) had written but not sealed. */
export class AuditRecovery {
  readonly #parts: Parts;
  readonly #rounds: Rounds;

  private constructor(parts: Parts) {
    this.#parts = parts;
    const { logger } = parts;
    const failure = 'Audit entries of other processes could not be looked after';
    this.#rounds = Rounds.create({ everyMs: SIGN_OF_LIFE_MS, run: () => this.run(), failure, logger });
  }

  static create(parts: Parts): AuditRecovery {
    return new AuditRecovery(parts);
  }

  /** Says that this writer lives and begins to look after dead ones. @throws the driver's error */
  async start(): Promise<void> {
    await this.run();
    this.#rounds.start();
  }

  /** One round, at once. */
  async run(): Promise<void> {
    const { repository, writer, clock } = this.#parts;
    await repository.writerSeen(writer, new Date(clock.now()));
    for (const dead of await repository.silentWriters(new Date(clock.now() - DEAD_AFTER_MS))) {
      if (await this.#sealRest(dead)) await repository.writerEnded(dead);
    }
  }

  close(): Promise<void> {
    return this.#rounds.close();
  }

  /** @returns whether nothing is left; `false` when another process was faster: the next round sees */
  async #sealRest(dead: string): Promise<boolean> {
    const { repository, clock, logger } = this.#parts;
    const from = (await repository.sealedTo(dead)) + 1;
    const to = Math.min(await repository.highest(dead), from + MAX_LINKS - 1);
    if (to < from) return true;
    const slots = await this.#slots(dead, from, to);
    const facts = { recovered: true, sealedAt: new Date(clock.now()) };
    try {
      await repository.insertBlock(nextBlock(await repository.lastBlock(), dead, slots, facts));
      logger.warn({ writer: dead, entries: slots.length }, 'Audit entries of a process that died were sealed');
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return false;
  }

  /** What is there under these numbers. Only what this product has written is taken for an entry. */
  async #slots(dead: string, from: number, to: number): Promise<Sealable[]> {
    const contents = new Map<number, string>();
    for (const { number, entry } of await this.#parts.repository.run(dead, from, to)) {
      if (entry === undefined) continue;
      const content = canonical(entry);
      if (isMac(this.#parts.key, content, entry.mac)) contents.set(number, content);
    }
    return Array.from({ length: to - from + 1 }, (_item, index) => ({
      number: from + index,
      content: contents.get(from + index),
    }));
  }
}
