import { randomUUID } from 'node:crypto';
import type { Connection, Model } from 'mongoose';
import type { z } from 'zod';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { queueModel, type ItemState, type QueueName, type StoredItem } from './queue.model.ts';
import { seal, unseal } from './seal.ts';

const DAY_MS = 24 * 60 * 60_000;
/** How long what is done, given up or kept for reading stays. */
const RETENTION_MS = 30 * DAY_MS;

type ItemChange = Partial<Pick<StoredItem, 'state' | 'payload' | 'dueAt' | 'lease'>>;

/** States in which there is something to do. */
const OPEN: ItemState[] = ['queued', 'working'];

/** An item that somebody works on; `lease` proves that it is still theirs. */
export interface Claim<T> {
  readonly id: string;
  readonly payload: T;
  readonly lease: string;
  /** Attempts so far, this one included. */
  readonly attempts: number;
  readonly expiresAt: Date;
}

export interface KeptItem<T> {
  readonly id: string;
  readonly payload: T;
  readonly createdAt: Date;
}

/** Work that is kept until it is done. An item is claimed by one worker at a time; a worker that died loses its lease. */
export class QueueRepository<T> {
  readonly #items: Model<StoredItem>;
  readonly #schema: z.ZodType<T>;
  readonly #key: Buffer;

  private constructor(items: Model<StoredItem>, schema: z.ZodType<T>, key: Buffer) {
    this.#items = items;
    this.#schema = schema;
    this.#key = key;
  }

  /** @param key 32 bytes with which payloads are encrypted */
  static create<T>(connection: Connection, queue: QueueName, schema: z.ZodType<T>, key: Buffer): QueueRepository<T> {
    return new QueueRepository(queueModel(connection, queue), schema, key);
  }

  /** @param times `dueAt` when it is not to be done at once. @returns the id of the item */
  async add(
    payload: T,
    times: { readonly now: Date; readonly expiresAt: Date; readonly dueAt?: Date },
    transaction?: Transaction,
  ): Promise<string> {
    const id = newId();
    const item: StoredItem = {
      _id: toStoredId(id),
      state: 'queued',
      payload: seal(JSON.stringify(payload), this.#key),
      createdAt: times.now,
      expiresAt: times.expiresAt,
      dueAt: times.dueAt ?? times.now,
      attempts: 0,
      lease: null,
      removeAt: new Date(times.now.getTime() + RETENTION_MS),
    };
    await this.#items.create([item], { session: transaction ?? null });
    return id;
  }

  /** Takes the item that is due longest, also one whose worker has died. */
  async claim(now: Date, leaseMs: number): Promise<Claim<T> | undefined> {
    const lease = randomUUID();
    const found = await this.#items
      .findOneAndUpdate(
        { state: condition({ $in: OPEN }), dueAt: condition({ $lte: now }) },
        { $set: { state: 'working', lease, dueAt: new Date(now.getTime() + leaseMs) }, $inc: { attempts: 1 } },
        { sort: { dueAt: 1 }, returnDocument: 'after' },
      )
      .exec();
    if (found === null) return undefined;
    const { id, attempts, expiresAt } = found;
    return { id, payload: this.#read(found.payload), lease, attempts, expiresAt };
  }

  /** Keeps the item longer. @returns whether it is still the claimant's */
  async renew({ id, lease }: Claim<T>, until: Date): Promise<boolean> {
    return this.#update(id, lease, { dueAt: until });
  }

  /** It is done: nothing of its content stays. @returns whether it was still the claimant's */
  async finish({ id, lease }: Claim<T>, state: 'done' | 'failed', transaction?: Transaction): Promise<boolean> {
    return this.#update(id, lease, { state, lease: null, payload: Buffer.alloc(0) }, transaction);
  }

  /** Lets it be tried again later. @returns whether it was still the claimant's */
  async release({ id, lease }: Claim<T>, dueAt: Date): Promise<boolean> {
    return this.#update(id, lease, { state: 'queued', lease: null, dueAt });
  }

  /** What still waits, newest first. */
  async waiting(limit: number): Promise<KeptItem<T>[]> {
    const found = await this.#items.find({ state: 'queued' }).sort({ _id: -1 }).limit(limit).exec();
    return found.map((item) => ({ id: item.id, payload: this.#read(item.payload), createdAt: item.createdAt }));
  }

  async #update(id: string, lease: string, set: ItemChange, transaction?: Transaction): Promise<boolean> {
    const mine = { _id: toStoredId(id), state: 'working', lease } as const;
    const { matchedCount } = await this.#items.updateOne(mine, { $set: set }).session(transaction ?? null);
    return matchedCount > 0;
  }

  #read(payload: Buffer): T {
    return this.#schema.parse(JSON.parse(unseal(payload, this.#key)));
  }
}
