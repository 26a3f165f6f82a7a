import type { Notification } from '@health-connect/contract';
import type { AccountRecord } from '../accounts/account.repository.ts';
import type { NotificationRecord } from './notification.repository.ts';

/** A notification as its owner sees it. @param people the other sides, by id */
export function toNotification(
  { id, kind, byYou, at, readAt, appointmentId, startsAt, timeZone, otherId }: NotificationRecord,
  people: ReadonlyMap<string, Pick<AccountRecord, 'name'>>,
): Notification {
  return {
    id,
    kind,
    byYou,
    at: at.toISOString(),
    readAt: readAt?.toISOString() ?? null,
    appointmentId,
    startsAt: startsAt.toISOString(),
    timeZone,
    otherName: people.get(otherId)?.name ?? '',
  };
}
