import type { NotificationKind, Side } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { knownZone } from '../time-zone.ts';
import { notificationModel, type StoredNotification } from './notification.model.ts';

/** A notification as it is known outside of the database. */
export interface NotificationRecord {
  readonly id: string;
  readonly accountId: string;
  readonly side: Side;
  readonly kind: NotificationKind;
  readonly byYou: boolean;
  readonly at: Date;
  readonly readAt: Date | null;
  readonly appointmentId: string;
  readonly startsAt: Date;
  readonly timeZone: string;
  readonly otherId: string;
}

/** Whose bell it is, and as what: what somebody was told in an earlier role is not under it. */
export interface BellOwner {
  readonly accountId: string;
  readonly side: Side;
}

const ofBell = ({ accountId, side }: BellOwner) => ({ accountId: toStoredId(accountId), side });

/** Notifications by their age: both ends are included. */
export interface ReadRange {
  /** The oldest one; without it everything older counts, too. */
  readonly from?: string | undefined;
  readonly upTo: string;
}

export type NewNotification = Omit<NotificationRecord, 'id' | 'readAt'>;

const toRecord = (stored: StoredNotification): NotificationRecord => ({
  id: stored._id.toHexString(),
  accountId: stored.accountId.toHexString(),
  side: stored.side,
  kind: stored.kind,
  byYou: stored.byYou ?? false,
  at: stored.at,
  readAt: stored.readAt,
  appointmentId: stored.appointmentId.toHexString(),
  startsAt: stored.startsAt,
  timeZone: knownZone(stored.timeZone) ?? 'UTC',
  otherId: stored.otherId.toHexString(),
});

/** What is under people's bells. */
export class NotificationRepository {
  readonly #notifications: Model<StoredNotification>;

  private constructor(connection: Connection) {
    this.#notifications = notificationModel(connection);
  }

  static create(connection: Connection): NotificationRepository {
    return new NotificationRepository(connection);
  }

  /** What its owner did is known to them: it is read from the beginning. */
  async insert(notification: NewNotification, transaction: Transaction): Promise<NotificationRecord> {
    const id = newId();
    const { accountId, appointmentId, otherId, ...facts } = notification;
    const readAt = facts.byYou ? facts.at : null;
    const ids = {
      _id: toStoredId(id),
      accountId: toStoredId(accountId),
      appointmentId: toStoredId(appointmentId),
      otherId: toStoredId(otherId),
    };
    await this.#notifications.create([{ ...ids, ...facts, readAt }], { session: transaction });
    return { ...notification, id, readAt };
  }

  /** Somebody's, newest first. @param before leaves out this one and newer ones */
  async ofBell(owner: BellOwner, before: string | undefined, limit: number): Promise<NotificationRecord[]> {
    const older = before === undefined ? {} : { _id: condition({ $lt: toStoredId(before) }) };
    const filter = { ...ofBell(owner), ...older };
    const found = await this.#notifications.find(filter).sort({ _id: -1 }).limit(limit).lean();
    return found.map(toRecord);
  }

  async unreadOf(owner: BellOwner): Promise<number> {
    return this.#notifications.countDocuments({ ...ofBell(owner), readAt: null });
  }

  /** Marks as read what somebody has of these. */
  async read(owner: BellOwner, { from, upTo }: ReadRange, readAt: Date): Promise<void> {
    const first = from === undefined ? {} : { $gte: toStoredId(from) };
    await this.#notifications.updateMany(
      { ...ofBell(owner), readAt: null, _id: condition({ ...first, $lte: toStoredId(upTo) }) },
      { $set: { readAt } },
    );
  }
}
