import { ACCOUNT_STATUSES, ROLES, type AccountStatus, type Role } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';

/** An account as it is stored. */
export interface StoredAccount {
  _id: Types.ObjectId;
  role: Role;
  name: string;
  /** Canonical form; unique across all roles (R21). */
  email: string;
  passwordHash: string;
  /** Follows from the three instants below and the role; see `account-status.ts`. */
  status: AccountStatus;
  createdAt: Date;
  emailConfirmedAt: Date | null;
  /** When a doctor may see patients; `null` while an administrator has to approve. */
  approvedAt: Date | null;
  disabledAt: Date | null;
  /** Whether what is to come of it has still to be called off: it was closed, or has another role. */
  leaving: boolean;
  /** Steps of onboarding that the person does not want to be asked for again. */
  onboardingSkipped: string[];
  avatarId: Types.ObjectId | null;
  /** The IANA zone of the browser that was last used; absent until one has told it. */
  timeZone?: string | null;
  /** Counts what must not pass a change of the account unseen: sign-ins, and acts of its administrator. */
  revision: number;
}

const accountSchema = new Schema<StoredAccount>(
  {
    role: { type: String, enum: ROLES, required: true },
    name: { type: String, required: true, maxlength: 120 },
    email: { type: String, required: true, maxlength: 254 },
    passwordHash: { type: String, required: true },
    status: { type: String, enum: ACCOUNT_STATUSES, required: true },
    createdAt: { type: Date, required: true },
    emailConfirmedAt: { type: Date, default: null },
    approvedAt: { type: Date, default: null },
    disabledAt: { type: Date, default: null },
    leaving: { type: Boolean, default: false },
    onboardingSkipped: { type: [String], default: [] },
    avatarId: { type: Schema.Types.ObjectId, default: null },
    timeZone: { type: String, default: null, maxlength: 64 },
    revision: { type: Number, default: 0 },
  },
  { collection: 'accounts', versionKey: false },
);
accountSchema.index({ email: 1 }, { unique: true });
accountSchema.index({ role: 1, status: 1 });
accountSchema.index({ leaving: 1 }, { partialFilterExpression: { leaving: true } });

export function accountModel(connection: Connection): Model<StoredAccount> {
  return connection.model<StoredAccount>('Account', accountSchema);
}
