import type { Device } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** A sign-in as it is stored, with its family of refresh tokens: without it, its tokens are worth nothing. */
export interface StoredSession {
  _id: string;
  accountId: Types.ObjectId;
  createdAt: Date;
  /** To a minute, see `SessionService.used`. */
  lastUsedAt: Date;
  /** When its tokens were renewed last; `null` before the first renewal. */
  renewedAt: Date | null;
  /** Moves on with each renewal. */
  expiresAt: Date;
  device: Device;
  /** From where it was last used, coarse (/24, /48); `null` when it is not known. */
  network: string | null;
  /** Counts renewals. */
  generation: number;
  refreshHash: string;
  /** The token that was renewed last, for a second tab that holds it still; `null` before the first renewal. */
  previousHash: string | null;
  /** The current token, readable by the holder of the previous one only. */
  sealedSuccessor: string | null;
  /** Until when the previous token is taken once more; `null` when it was taken. */
  graceUntil: Date | null;
}

const deviceSchema = new Schema<Device>(
  {
    browser: { type: String, default: null },
    system: { type: String, default: null },
    kind: { type: String, required: true },
  },
  { _id: false },
);

const sessionSchema = new Schema<StoredSession>(
  {
    _id: { type: String, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    lastUsedAt: { type: Date, required: true },
    renewedAt: { type: Date, default: null },
    expiresAt: { type: Date, required: true },
    device: { type: deviceSchema, required: true },
    network: { type: String, default: null },
    generation: { type: Number, required: true },
    refreshHash: { type: String, required: true },
    previousHash: { type: String, default: null },
    sealedSuccessor: { type: String, default: null },
    graceUntil: { type: Date, default: null },
  },
  { collection: 'sessions', versionKey: false },
);
sessionSchema.index({ accountId: 1, lastUsedAt: -1 });
// MongoDB removes sessions some time after they have ended; until then they are refused by their date.
sessionSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function sessionModel(connection: Connection): Model<StoredSession> {
  return connection.model<StoredSession>('Session', sessionSchema);
}
