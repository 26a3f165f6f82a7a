import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { NotificationService } from './notification.service.ts';

/** What is under the bell, and reminders. */
export function notificationRoutes(notifications: NotificationService): Binding[] {
  return [
    bind(endpoints.notifications.list, ({ actor, query }) => notifications.list(actor, query.before)),
    bind(endpoints.notifications.read, async ({ actor, body }) => ({
      unread: await notifications.read(actor, body),
    })),
    bind(endpoints.notifications.settings, ({ actor }) => notifications.settings(actor)),
    bind(endpoints.notifications.saveSettings, ({ actor, body }) => notifications.saveSettings(actor, body)),
  ];
}
