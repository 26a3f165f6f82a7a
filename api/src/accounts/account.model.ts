import { ROLES, type Role } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** An account as it is stored. */
export interface StoredAccount {
  _id: Types.ObjectId;
  role: Role;
  name: string;
  /** Canonical form; unique across all roles (R21). */
  email: string;
  passwordHash: string;
  createdAt: Date;
}

const accountSchema = new Schema<StoredAccount>(
  {
    role: { type: String, enum: ROLES, required: true },
    name: { type: String, required: true, maxlength: 120 },
    email: { type: String, required: true, maxlength: 254 },
    passwordHash: { type: String, required: true },
    createdAt: { type: Date, required: true },
  },
  { collection: 'accounts', versionKey: false },
);
accountSchema.index({ email: 1 }, { unique: true });

export function accountModel(connection: Connection): Model<StoredAccount> {
  return connection.model<StoredAccount>('Account', accountSchema);
}
