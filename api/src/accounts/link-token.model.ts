import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** What a mailed link is for. `notice` opens nothing: it only remembers that a mail has just been sent. */
export const LINK_PURPOSES = ['confirm', 'reset', 'notice'] as const;
export type LinkPurpose = (typeof LINK_PURPOSES)[number];

/** A mailed link as it is stored: by the hash of its token, so that a copy of the database opens no account. */
export interface StoredLinkToken {
  _id: string;
  purpose: LinkPurpose;
  accountId: Types.ObjectId;
  createdAt: Date;
  expiresAt: Date;
}

const linkTokenSchema = new Schema<StoredLinkToken>(
  {
    _id: { type: String, required: true },
    purpose: { type: String, enum: LINK_PURPOSES, required: true },
    accountId: { type: Schema.Types.ObjectId, required: true },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'link_tokens', versionKey: false },
);
linkTokenSchema.index({ accountId: 1, purpose: 1 });
linkTokenSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function linkTokenModel(connection: Connection): Model<StoredLinkToken> {
  return connection.model<StoredLinkToken>('LinkToken', linkTokenSchema);
}
