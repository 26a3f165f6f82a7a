import { reminderKindSchema, type Notification, type NotificationSettings } from '@health-connect/contract';
import type { AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import type { Audit } from '../audit/audit.service.ts';
import { ViewSpacing } from '../audit/view-spacing.ts';
import type { Clock } from '../clock.ts';
import { requireCan } from '../policy/policy.ts';
import type { EventPublisher } from '../realtime/publisher.ts';
import type { NotificationSettingsRepository } from './notification-settings.repository.ts';
import type { BellOwner, NotificationRecord, NotificationRepository, ReadRange } from './notification.repository.ts';
import { toNotification } from './notification.view.ts';

/** How many are answered at once. */
const PAGE = 30;

interface Parts {
  readonly notifications: NotificationRepository;
  readonly settings: NotificationSettingsRepository;
  readonly accounts: Pick<AccountRepository, 'byIds'>;
  readonly audit: Audit;
  readonly events: Pick<EventPublisher, 'toAccounts'>;
  readonly clock: Clock;
}

interface NotificationPage {
  readonly notifications: Notification[];
  readonly unread: number;
  /** Ask for what comes before this one next; `null` at the end. */
  readonly next: string | null;
}

/** What is under the own bell, and what one wants to be reminded of. */
export class NotificationService {
  readonly #parts: Parts;
  readonly #spacing: ViewSpacing;

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#spacing = ViewSpacing.create(parts.clock);
  }

  static create(parts: Parts): NotificationService {
    return new NotificationService(parts);
  }

  /** The own notifications, newest first. @throws ProductError `forbidden` */
  async list(actor: Actor, before: string | undefined): Promise<NotificationPage> {
    const { notifications, accounts } = this.#parts;
    requireCan(actor, 'notifications.view', { ownerId: actor.accountId });
    const [found, unread] = await Promise.all([
      notifications.ofBell(bellOf(actor), before, PAGE + 1),
      notifications.unreadOf(bellOf(actor)),
    ]);
    const page = found.slice(0, PAGE);
    const people = await accounts.byIds(page.map(({ otherId }) => otherId));
    await this.#auditViews(actor, [...new Set(page.map(patientOf))]);
    const next = found.length > PAGE ? (page.at(-1)?.id ?? null) : null;
    return { notifications: page.map((record) => toNotification(record, people)), unread, next };
  }

  /** A view of each patient who is named; who has nothing under the bell has seen nobody. */
  async #auditViews(actor: Actor, patientIds: readonly string[]): Promise<void> {
    const due = this.#spacing.due(actor, patientIds);
    if (due.length === 0) return;
    const views = due.map((patientId) => ({ action: 'view', resource: 'notifications', patientId }) as const);
    await this.#parts.audit.record(actor, ...views);
    this.#spacing.written(actor, due);
  }

  /** All open pages of the person are told, on whichever device. @returns how many are unread now. @throws ProductError `forbidden` */
  async read(actor: Actor, range: ReadRange): Promise<number> {
    const { notifications, events, clock } = this.#parts;
    requireCan(actor, 'notifications.change', { ownerId: actor.accountId });
    await notifications.read(bellOf(actor), range, new Date(clock.now()));
    const unread = await notifications.unreadOf(bellOf(actor));
    events.toAccounts([actor.accountId], 'notification.read', { ...range, unread });
    return unread;
  }

  /** @throws ProductError `forbidden` */
  async settings(actor: Actor): Promise<NotificationSettings> {
    requireCan(actor, 'notifications.view', { ownerId: actor.accountId });
    return this.#parts.settings.of(actor.accountId);
  }

  /** Counts for reminders of appointments that are booked already: they are asked for when one is due. */
  async saveSettings(actor: Actor, wanted: NotificationSettings): Promise<NotificationSettings> {
    requireCan(actor, 'notifications.change', { ownerId: actor.accountId });
    const reminders = reminderKindSchema.options.filter((kind) => wanted.reminders.includes(kind));
    const settings = { reminders, reminderMails: wanted.reminderMails };
    await this.#parts.settings.save(actor.accountId, settings);
    return settings;
  }
}

/** The bell of who is let in: a doctor or a patient. */
const bellOf = ({ accountId, role }: Actor): BellOwner => ({
  accountId,
  side: role === 'doctor' ? 'doctor' : 'patient',
});

/** Whose visit it is about, whatever role the account of that patient has now. */
const patientOf = ({ side, accountId, otherId }: NotificationRecord): string =>
  side === 'patient' ? accountId : otherId;
