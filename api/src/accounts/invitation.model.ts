import type { InvitedRole } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

const INVITED_ROLES = ['doctor', 'staff', 'administrator'] as const satisfies InvitedRole[];

/** An invitation as it is stored: its token by its hash only. It is deleted once accepted or taken back. */
export interface StoredInvitation {
  _id: Types.ObjectId;
  tokenHash: string;
  role: InvitedRole;
  /** `null`: the one-time link of an empty installation. */
  email: string | null;
  invitedBy: Types.ObjectId | null;
  createdAt: Date;
  expiresAt: Date;
}

const invitationSchema = new Schema<StoredInvitation>(
  {
    tokenHash: { type: String, required: true },
    role: { type: String, enum: INVITED_ROLES, required: true },
    email: { type: String, default: null, maxlength: 254 },
    invitedBy: { type: Schema.Types.ObjectId, default: null },
    createdAt: { type: Date, required: true },
    expiresAt: { type: Date, required: true },
  },
  { collection: 'invitations', versionKey: false },
);
invitationSchema.index({ tokenHash: 1 }, { unique: true });
// At most one invitation for an address, and at most one link of an empty installation.
invitationSchema.index({ email: 1 }, { unique: true });
invitationSchema.index({ invitedBy: 1 });
invitationSchema.index({ expiresAt: 1 }, { expireAfterSeconds: 0 });

export function invitationModel(connection: Connection): Model<StoredInvitation> {
  return connection.model<StoredInvitation>('Invitation', invitationSchema);
}
