import { PARTIES, type Party } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** Somebody in the call. */
export interface StoredPerson {
  peerId: string;
  participantId: Types.ObjectId;
  name: string;
  party: Party;
  /** Of the event by which they entered; orders events that arrive late. */
  sequence: number;
}

export const ORDER_KINDS = ['close', 'remove'] as const;

/** Something that the media node must still be told. */
export interface StoredOrder {
  kind: (typeof ORDER_KINDS)[number];
  /** Whom to remove; `null` with `close`. */
  participantId: Types.ObjectId | null;
}

/** The room of a consultation, whose id it shares: on which node it lives and who is in it. */
export interface StoredRoom {
  _id: Types.ObjectId;
  nodeId: string;
  /** Process of the node to which `people` belongs; `null` until the node has said so. */
  nodeStartedAt: Date | null;
  people: StoredPerson[];
  /** The last peers that left: a report of their entry that comes later is not believed. */
  departed: string[];
  /** Sequence of the last report that the room is empty: earlier entries are not believed. */
  emptiedSequence: number;
  orders: StoredOrder[];
}

const personSchema = new Schema<StoredPerson>(
  {
    peerId: { type: String, required: true },
    participantId: { type: Schema.Types.ObjectId, required: true },
    name: { type: String, required: true },
    party: { type: String, enum: PARTIES, required: true },
    sequence: { type: Number, required: true },
  },
  { _id: false },
);

const orderSchema = new Schema<StoredOrder>(
  {
    kind: { type: String, enum: ORDER_KINDS, required: true },
    participantId: { type: Schema.Types.ObjectId, default: null },
  },
  { _id: false },
);

const roomSchema = new Schema<StoredRoom>(
  {
    nodeId: { type: String, required: true },
    nodeStartedAt: { type: Date, default: null },
    people: { type: [personSchema], default: [] },
    departed: { type: [String], default: [] },
    emptiedSequence: { type: Number, default: -1 },
    orders: { type: [orderSchema], default: [] },
  },
  { collection: 'rooms', versionKey: false },
);
roomSchema.index({ nodeId: 1, nodeStartedAt: 1 });
roomSchema.index({ 'people.party': 1 });
roomSchema.index({ 'orders.kind': 1 });

export function roomModel(connection: Connection): Model<StoredRoom> {
  return connection.model<StoredRoom>('Room', roomSchema);
}
