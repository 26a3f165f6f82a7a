import { ACCOUNT_STATUSES, ROLES, type AccountStatus, type Role } from '@health-connect/contract';
import { Schema, type Connection, type Model, type Types } from 'mongoose';
import { z } from 'zod';
import { accountWords } from './account-words.ts';

/** An account as it is stored. */
export interface StoredAccount {
  _id: Types.ObjectId;
  role: Role;
  name: string;
  /** Canonical form; unique across all roles (R21). */
  email: string;
  /** What it is searched by; follows from name and address, wherever they are written. */
  searchWords: string[];
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
    searchWords: { type: [String], default: [] },
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
// What administrators search by, newest first.
accountSchema.index({ searchWords: 1, _id: -1 });
accountSchema.index({ role: 1, status: 1, _id: -1 });
accountSchema.index({ role: 1, _id: -1 });
accountSchema.index({ status: 1, _id: -1 });
// Of those whose address nobody has confirmed, the oldest first.
accountSchema.index({ createdAt: 1 }, { partialFilterExpression: { status: 'unconfirmed' } });
accountSchema.index({ leaving: 1 }, { partialFilterExpression: { leaving: true } });

const addressSchema = z.object({ email: z.string() });
accountSchema.pre('save', function () {
  this.searchWords = accountWords(this);
});
accountSchema.pre('updateOne', async function () {
  const name: unknown = this.get('name');
  if (typeof name !== 'string') return;
  const found: unknown = await this.model
    .findOne(this.getFilter())
    .session(this.getOptions().session ?? null)
    .select('email')
    .lean();
  // Nobody is renamed who is not there.
  if (found === null) return;
  const { email } = addressSchema.parse(found);
  this.set('searchWords', accountWords({ name, email }));
});

export function accountModel(connection: Connection): Model<StoredAccount> {
  return connection.model<StoredAccount>('Account', accountSchema);
}
