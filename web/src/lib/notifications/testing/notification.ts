import type { Notification } from '@health-connect/contract';

/** A notification about an appointment with Dr Lima, for tests. */
export function notificationOf(id: string, changes: Partial<Notification> = {}): Notification {
  return {
    id: id.padStart(24, '0'),
    kind: 'confirmed',
    byYou: false,
    at: '2030-01-01T09:00:00.000Z',
    readAt: null,
    appointmentId: 'a'.repeat(24),
    startsAt: '2030-01-02T09:00:00.000Z',
    timeZone: 'Europe/Berlin',
    otherName: 'Dr Lima',
    ...changes,
  };
}
