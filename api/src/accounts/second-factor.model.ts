import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** The authenticator of an account, whose id it shares. */
export interface StoredSecondFactor {
  _id: Types.ObjectId;
  /** Encrypted with a key that is not in the database, bound to the account. */
  sealedSecret: string;
  /** `null` while the authenticator has not proved itself: nothing is asked for yet. */
  confirmedAt: Date | null;
  /** Time step of the last code that was taken: neither it nor an earlier one is taken again (RFC 6238, 5.2). */
  lastTimeStep: number;
  recoveryHashes: string[];
  /** Another authenticator that is being set up in place of this one, until it has proved itself. */
  next: { sealedSecret: string; expiresAt: Date } | null;
}

const secondFactorSchema = new Schema<StoredSecondFactor>(
  {
    sealedSecret: { type: String, required: true },
    confirmedAt: { type: Date, default: null },
    lastTimeStep: { type: Number, default: -1 },
    recoveryHashes: { type: [String], default: [] },
    next: { type: new Schema({ sealedSecret: String, expiresAt: Date }, { _id: false }), default: null },
  },
  { collection: 'secondFactors', versionKey: false },
);

export function secondFactorModel(connection: Connection): Model<StoredSecondFactor> {
  return connection.model<StoredSecondFactor>('SecondFactor', secondFactorSchema);
}

export const SECOND_STEPS = ['second-factor', 'second-factor-setup'] as const;
export type SecondStep = (typeof SECOND_STEPS)[number];

/** Proof of a right password, for the second step of a sign-in. */
export interface StoredSignInTicket {
  /** Hash of the ticket. */
  _id: string;
  accountId: Types.ObjectId;
  step: SecondStep;
  /** Of the password that was right: with another one, the ticket is void. */
  passwordMark: string;
  expiresAt: Date;
}

const signInTicketSchema = new Schema<StoredSignInTicket>(
  {
    _id: { type: String, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    step: { type: String, enum: SECOND_STEPS, required: true },
    passwordMark: { type: String, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'signInTickets', versionKey: false },
);
signInTicketSchema.index({ accountId: 1 });
signInTicketSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function signInTicketModel(connection: Connection): Model<StoredSignInTicket> {
  return connection.model<StoredSignInTicket>('SignInTicket', signInTicketSchema);
}
