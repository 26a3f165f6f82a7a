import type { InvitedRole } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { invitationModel, type StoredInvitation } from './invitation.model.ts';
import { linkSecretHash, newLinkSecret } from './link-secret.ts';

export interface InvitationRecord {
  readonly id: string;
  readonly role: InvitedRole;
  readonly email: string | null;
  readonly invitedBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

const toRecord = ({ _id, role, email, invitedBy, createdAt, expiresAt }: StoredInvitation): InvitationRecord => ({
  id: _id.toHexString(),
  role,
  email,
  invitedBy: invitedBy?.toHexString() ?? null,
  createdAt,
  expiresAt,
});

/** Invitations that can still be accepted. */
export class InvitationRepository {
  readonly #invitations: Model<StoredInvitation>;

  private constructor(connection: Connection) {
    this.#invitations = invitationModel(connection);
  }

  static create(connection: Connection): InvitationRepository {
    return new InvitationRepository(connection);
  }

  /** Makes an invitation; an earlier one of the same address is void. @returns it and its token, which is not stored */
  async replace(
    { role, email, invitedBy, createdAt, expiresAt }: Omit<InvitationRecord, 'id'>,
    transaction: Transaction,
  ): Promise<{ invitation: InvitationRecord; token: string }> {
    await this.#invitations.deleteMany({ email }).session(transaction);
    const token = newLinkSecret();
    const stored: StoredInvitation = {
      _id: toStoredId(newId()),
      tokenHash: linkSecretHash(token),
      role,
      email,
      invitedBy: invitedBy === null ? null : toStoredId(invitedBy),
      createdAt,
      expiresAt,
    };
    await this.#invitations.create([stored], { session: transaction });
    return { invitation: toRecord(stored), token };
  }

  async ofToken(token: string, now: Date): Promise<InvitationRecord | undefined> {
    const filter = { tokenHash: linkSecretHash(token), expiresAt: condition({ $gt: now }) };
    const found = await this.#invitations.findOne(filter).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Uses an invitation up. @returns it, or `undefined` when the token is unknown, used, taken back or too old */
  async use(token: string, now: Date, transaction: Transaction): Promise<InvitationRecord | undefined> {
    const filter = { tokenHash: linkSecretHash(token), expiresAt: condition({ $gt: now }) };
    const found = await this.#invitations.findOneAndDelete(filter).session(transaction).lean();
    return found === null ? undefined : toRecord(found);
  }

  /** Newest first; without the link of an empty installation. */
  async live(now: Date, limit: number): Promise<InvitationRecord[]> {
    const filter = { expiresAt: condition({ $gt: now }), email: condition({ $ne: null }) };
    const found = await this.#invitations.find(filter).sort({ _id: -1 }).limit(limit).lean();
    return found.map(toRecord);
  }

  /** Takes back everything that an administrator has sent: they no longer are one. */
  async removeBy(accountId: string, transaction: Transaction): Promise<void> {
    await this.#invitations.deleteMany({ invitedBy: toStoredId(accountId) }).session(transaction);
  }

  /** @returns whether there was such an invitation */
  async remove(id: string, transaction: Transaction): Promise<boolean> {
    const { deletedCount } = await this.#invitations.deleteOne({ _id: toStoredId(id) }).session(transaction);
    return deletedCount > 0;
  }
}
