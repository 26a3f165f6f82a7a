import type { Notification } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { whenWords } from '../appointments/when.ts';

/** One sentence for what somebody is told about, with the time in their own zone. */
export function notificationWords(
  { kind, otherName: name, startsAt }: Pick<Notification, 'kind' | 'otherName' | 'startsAt'>,
  now = new Date(),
): string {
  const words = { name, when: whenWords(new Date(startsAt), now) };
  switch (kind) {
    case 'requested':
      return m['news.requested'](words);
    case 'booked':
      return m['news.booked'](words);
    case 'confirmed':
      return m['news.confirmed'](words);
    case 'declined':
      return m['news.declined'](words);
    case 'cancelled':
      return m['news.cancelled'](words);
    case 'proposed':
      return m['news.proposed'](words);
    case 'proposal-declined':
      return m['news.proposalDeclined'](words);
    case 'proposal-withdrawn':
      return m['news.proposalWithdrawn'](words);
    case 'moved':
      return m['news.moved'](words);
    case 'expired':
      return m['news.expired'](words);
    case 'missed':
      return m['news.missed'](words);
    case 'completed':
      return m['news.completed'](words);
    case 'note-shared':
      return m['news.noteShared'](words);
    case 'note-amended':
      return m['news.noteAmended'](words);
    case 'reminder-day':
    case 'reminder-hour':
    case 'reminder-minutes':
      return m['news.reminder'](words);
  }
}
