import { reminderKindSchema, type NotificationSettings } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { notificationSettingsModel, type StoredNotificationSettings } from './notification-settings.model.ts';

/** Until somebody chooses: every reminder, also by mail. */
export const DEFAULT_SETTINGS: NotificationSettings = {
  reminders: [...reminderKindSchema.options],
  reminderMails: true,
};

/** What people have chosen about reminders. */
export class NotificationSettingsRepository {
  readonly #settings: Model<StoredNotificationSettings>;

  private constructor(connection: Connection) {
    this.#settings = notificationSettingsModel(connection);
  }

  static create(connection: Connection): NotificationSettingsRepository {
    return new NotificationSettingsRepository(connection);
  }

  async of(accountId: string): Promise<NotificationSettings> {
    const found = await this.#settings.findById(toStoredId(accountId)).lean();
    if (found === null) return DEFAULT_SETTINGS;
    return { reminders: found.reminders, reminderMails: found.reminderMails };
  }

  /** Settings of several people, for those who have chosen. */
  async ofSeveral(
    accountIds: readonly string[],
    transaction?: Transaction,
  ): Promise<ReadonlyMap<string, NotificationSettings>> {
    const filter = { _id: condition({ $in: accountIds.map(toStoredId) }) };
    const found = await this.#settings
      .find(filter)
      .session(transaction ?? null)
      .lean();
    return new Map(found.map(({ _id, reminders, reminderMails }) => [_id.toHexString(), { reminders, reminderMails }]));
  }

  async save(accountId: string, { reminders, reminderMails }: NotificationSettings): Promise<void> {
    const change = { $set: { reminders: [...reminders], reminderMails } };
    await this.#settings.updateOne({ _id: toStoredId(accountId) }, change, { upsert: true, runValidators: true });
  }
}
