import { PARTIES, type Party } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { ORDER_KINDS, roomModel, type StoredOrder, type StoredRoom } from './room.model.ts';

/** A process of a media node. */
export interface NodeProcess {
  readonly id: string;
  readonly startedAt: Date | null;
}

export interface Person {
  readonly participantId: string;
  readonly name: string;
  readonly party: Party;
}

export type Order = { readonly kind: 'close' } | { readonly kind: 'remove'; readonly participantId: string };

export interface Room {
  readonly id: string;
  readonly node: NodeProcess;
  readonly people: readonly Person[];
  readonly orders: readonly Order[];
}

/** Where in a node's story an event belongs. */
export interface Occurrence {
  readonly room: string;
  readonly nodeId: string;
  readonly nodeStartedAt: Date;
  readonly sequence: number;
}

const KEPT_DEPARTURES = 64;
const EMPTY = { people: [], departed: [], emptiedSequence: -1 };

function toOrder({ kind, participantId }: StoredOrder): Order {
  return kind === 'close' || participantId === null
    ? { kind: 'close' }
    : { kind, participantId: participantId.toHexString() };
}

const fromOrder = (order: Order): StoredOrder => ({
  kind: order.kind,
  participantId: order.kind === 'remove' ? toStoredId(order.participantId) : null,
});

const toRoom = (stored: StoredRoom): Room => ({
  id: stored._id.toHexString(),
  node: { id: stored.nodeId, startedAt: stored.nodeStartedAt },
  people: stored.people.map(({ participantId, name, party }) => ({
    participantId: participantId.toHexString(),
    name,
    party,
  })),
  orders: stored.orders.map(toOrder),
});

const within = (transaction: Transaction | undefined) => (transaction === undefined ? {} : { session: transaction });

const during = ({ room, nodeId, nodeStartedAt }: Occurrence): QueryFilter<StoredRoom> => ({
  _id: toStoredId(room),
  nodeId,
  nodeStartedAt,
});

/** Rooms: their home node, who is in them, and what their node must still be told. One document each, changed atomically. */
export class RoomRepository {
  readonly #rooms: Model<StoredRoom>;

  private constructor(connection: Connection) {
    this.#rooms = roomModel(connection);
  }

  static create(connection: Connection): RoomRepository {
    return new RoomRepository(connection);
  }

  async byId(id: string): Promise<Room | undefined> {
    const found = await this.#rooms.findById(toStoredId(id)).lean();
    return found === null ? undefined : toRoom(found);
  }

  /** Gives the room a home unless it has one. Of many at once, one wins and all get its answer. */
  async claim(id: string, node: NodeProcess): Promise<Room> {
    const home = { nodeId: node.id, nodeStartedAt: node.startedAt, ...EMPTY, orders: [] };
    try {
      await this.#rooms.updateOne({ _id: toStoredId(id) }, { $setOnInsert: home }, { upsert: true });
    } catch (error) {
      if (!isDuplicateKey(error)) throw error;
    }
    return toRoom(await this.#rooms.findById(toStoredId(id)).lean().orFail());
  }

  /** Moves a room to another home if it still has the one that was seen. @returns the room as it then is */
  async rehome(seen: Room, node: NodeProcess): Promise<Room> {
    await this.#rooms.updateOne(
      { _id: toStoredId(seen.id), nodeId: seen.node.id, nodeStartedAt: seen.node.startedAt },
      { $set: { nodeId: node.id, nodeStartedAt: node.startedAt, ...EMPTY, orders: [] } },
    );
    return toRoom(await this.#rooms.findById(toStoredId(seen.id)).lean().orFail());
  }

  /** A node runs as a new process: everybody who was in its rooms is gone. @returns rooms that were not empty */
  async nodeStarted(nodeId: string, startedAt: Date, transaction?: Transaction): Promise<string[]> {
    const older: QueryFilter<StoredRoom> = {
      nodeId,
      $or: [{ nodeStartedAt: null }, { nodeStartedAt: condition({ $lt: startedAt }) }],
    };
    const stale = await this.#rooms
      .find(older)
      .select('people')
      .session(transaction ?? null)
      .lean();
    if (stale.length === 0) return [];
    await this.#rooms.updateMany(older, { $set: { ...EMPTY, nodeStartedAt: startedAt } }, within(transaction));
    return stale.filter((room) => room.people.length > 0).map((room) => room._id.toHexString());
  }

  /** Empties the rooms of every node but this one. @returns rooms that were not empty */
  async clearAllBut(nodeId: string | undefined): Promise<string[]> {
    const occupied: QueryFilter<StoredRoom> = {
      'people.party': condition({ $in: PARTIES }),
      ...(nodeId === undefined ? {} : { nodeId: condition({ $ne: nodeId }) }),
    };
    const stale = await this.#rooms.find(occupied).select('_id').lean();
    if (stale.length > 0) await this.#rooms.updateMany(occupied, { $set: { people: [] } });
    return stale.map((room) => room._id.toHexString());
  }

  async entered(at: Occurrence, peerId: string, person: Person, transaction: Transaction): Promise<boolean> {
    const credible = {
      ...during(at),
      'people.peerId': condition({ $ne: peerId }),
      departed: condition({ $ne: peerId }),
      emptiedSequence: condition({ $lt: at.sequence }),
    };
    const entry = { ...person, participantId: toStoredId(person.participantId), peerId, sequence: at.sequence };
    return this.#change(credible, { $push: { people: entry } }, transaction);
  }

  async left(at: Occurrence, peerId: string, transaction: Transaction): Promise<boolean> {
    const departed = { $each: [peerId], $slice: -KEPT_DEPARTURES };
    return this.#change(during(at), { $pull: { people: { peerId } }, $push: { departed } }, transaction);
  }

  /** Everybody who entered before this moment is gone. */
  async emptied(at: Occurrence, transaction: Transaction): Promise<boolean> {
    const update = { $pull: { people: { sequence: { $lt: at.sequence } } }, $max: { emptiedSequence: at.sequence } };
    return this.#change(during(at), update, transaction);
  }

  /** Notes what the room's node must be told; without a room there is nobody to tell. */
  async order(id: string, order: Order, transaction?: Transaction): Promise<void> {
    const update = { $addToSet: { orders: fromOrder(order) } };
    await this.#rooms.updateOne({ _id: toStoredId(id) }, update, within(transaction));
  }

  /** Takes an order off the list: it was carried out, or is no longer wanted. */
  async withdraw(id: string, order: Order, transaction?: Transaction): Promise<void> {
    const update = { $pull: { orders: fromOrder(order) } };
    await this.#rooms.updateOne({ _id: toStoredId(id) }, update, within(transaction));
  }

  /** Some rooms with orders that were not carried out yet, at random: those whose orders fail keep no other one waiting. */
  async withOrders(limit: number): Promise<string[]> {
    const found = await this.#rooms.aggregate<Pick<StoredRoom, '_id'>>([
      { $match: { 'orders.kind': { $in: [...ORDER_KINDS] } } },
      { $sample: { size: limit } },
      { $project: { _id: 1 } },
    ]);
    return found.map(({ _id }) => _id.toHexString());
  }

  async #change(
    filter: QueryFilter<StoredRoom>,
    update: Parameters<Model<StoredRoom>['updateOne']>[1],
    transaction: Transaction,
  ): Promise<boolean> {
    const { modifiedCount } = await this.#rooms.updateOne(filter, update, { session: transaction });
    return modifiedCount > 0;
  }
}
