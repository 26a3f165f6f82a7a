import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { onSettled, type Transaction, type TransactionEnd } from '../database/database.ts';
import { currentNetwork, currentRequestId } from '../logging/request-context.ts';
import { canonical, macOf } from './audit-chain.ts';
import type { EntryFacts } from './audit-entry.model.ts';
import type { AuditActor, AuditFacts } from './audit.facts.ts';
import type { AuditRepository, NewEntry } from './audit.repository.ts';
import type { AuditSealer, Slot } from './audit-sealer.ts';

/** What services need of the trail. */
export interface Audit {
  /**
   * Writes an entry that belongs to no change of data (a view, a sign-in that failed). Await it BEFORE anything is
   * answered: when it cannot be written, it throws and so does the request (fails closed, ASVS 16.5.3).
   * Where it came from and under which request id is taken from the request's context.
   */
  record(actor: AuditActor | undefined, ...facts: readonly AuditFacts[]): Promise<void>;
  /** Writes entries in the transaction of the change that they record, inside `database.transaction(...)`. */
  recordIn(transaction: Transaction, actor: AuditActor | undefined, ...facts: readonly AuditFacts[]): Promise<void>;
}

interface Parts {
  readonly repository: AuditRepository;
  readonly sealer: AuditSealer;
  readonly key: Buffer;
  readonly clock: Clock;
}

/** Entries that wait to be written together. */
interface Waiting {
  readonly prepared: readonly Prepared[];
  readonly settle: (error?: unknown) => void;
}

interface Prepared {
  readonly entry: NewEntry;
  readonly slot: Slot;
}

/** So many requests' entries are written with one command. */
const BATCH = 200;
const FATES = { committed: 'written', 'rolled-back': 'void', unknown: 'unknown' } as const satisfies Record<
  TransactionEnd,
  Slot['fate']
>;

/** Writes the audit trail. Entries that come at the same time are written together, without waiting for the chain. */
export class AuditService implements Audit {
  readonly #parts: Parts;
  readonly #waiting: Waiting[] = [];
  #writing = false;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AuditService {
    return new AuditService(parts);
  }

  async record(actor: AuditActor | undefined, ...facts: readonly AuditFacts[]): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const prepared = facts.map((fact) => this.#prepare(actor, fact));
    this.#waiting.push({
      prepared,
      settle: (error) => {
        if (error === undefined) resolve(undefined);
        else reject(error instanceof Error ? error : new Error('The audit trail refused an entry', { cause: error }));
      },
    });
    void this.#writeWaiting();
    await promise;
  }

  async recordIn(
    transaction: Transaction,
    actor: AuditActor | undefined,
    ...facts: readonly AuditFacts[]
  ): Promise<void> {
    const prepared = facts.map((fact) => this.#prepare(actor, fact));
    onSettled(transaction, (end) => {
      this.#settle(prepared, FATES[end]);
    });
    await this.#parts.repository.insert(
      prepared.map(({ entry }) => entry),
      transaction,
    );
  }

  #prepare(actor: AuditActor | undefined, facts: AuditFacts): Prepared {
    const { sealer, clock, key } = this.#parts;
    const number = sealer.nextNumber();
    const entry: EntryFacts = {
      writer: sealer.writer,
      number,
      at: new Date(clock.now()),
      accountId: actor?.accountId ?? null,
      role: actor?.role ?? null,
      sessionId: actor?.sessionId ?? null,
      network: currentNetwork() ?? null,
      action: facts.action,
      resource: facts.resource,
      resourceId: facts.resourceId ?? null,
      patientId: facts.patientId ?? null,
      outcome: facts.outcome ?? 'ok',
      detail: facts.detail ?? null,
      requestId: currentRequestId() ?? null,
    };
    const content = canonical(entry);
    return { entry: { ...entry, mac: macOf(key, content) }, slot: sealer.announce(number, content) };
  }

  #settle(prepared: readonly Prepared[], fate: Slot['fate']): void {
    for (const { slot } of prepared) slot.fate = fate;
    this.#parts.sealer.sealSoon();
  }

  async #writeWaiting(): Promise<void> {
    if (this.#writing) return;
    this.#writing = true;
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, BATCH);
      const prepared = batch.flatMap((waiting) => waiting.prepared);
      try {
        await this.#parts.repository.insert(prepared.map(({ entry }) => entry));
        this.#settle(prepared, 'written');
        for (const { settle } of batch) settle();
      } catch (error) {
        // Some may have been written all the same: the sealer looks.
        this.#settle(prepared, 'unknown');
        for (const { settle } of batch) settle(error);
      }
    }
    this.#writing = false;
  }
}

/** A name for the entries of one process. */
export const newWriter = (): string => randomUUID();
