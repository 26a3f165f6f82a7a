import type { Notification, NotificationKind } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { whenInside } from '../appointments/when.ts';

interface Facts {
  /** The other side. */
  readonly name: string;
  readonly when: string;
}

/** One sentence for what somebody is told about, with the time in their own zone. */
export function notificationWords(
  { kind, byYou, otherName: name, startsAt }: Pick<Notification, 'kind' | 'byYou' | 'otherName' | 'startsAt'>,
  now: Date,
): string {
  const facts = { name, when: whenInside(new Date(startsAt), now) };
  return byYou ? ownWords(kind, facts) : words(kind, facts);
}

function words(kind: NotificationKind, facts: Facts): string {
  switch (kind) {
    case 'requested':
      return m['news.requested'](facts);
    case 'booked':
      return m['news.booked'](facts);
    case 'confirmed':
      return m['news.confirmed'](facts);
    case 'declined':
      return m['news.declined'](facts);
    case 'cancelled':
      return m['news.cancelled'](facts);
    case 'proposed':
      return m['news.proposed'](facts);
    case 'proposal-declined':
      return m['news.proposalDeclined'](facts);
    case 'proposal-withdrawn':
      return m['news.proposalWithdrawn'](facts);
    case 'proposal-expired':
      return m['news.proposalExpired'](facts);
    case 'moved':
      return m['news.moved'](facts);
    case 'expired':
      return m['news.expired'](facts);
    case 'missed':
      return m['news.missed'](facts);
    case 'completed':
      return m['news.completed'](facts);
    case 'note-shared':
      return m['news.noteShared'](facts);
    case 'note-amended':
      return m['news.noteAmended'](facts);
    case 'reminder-day':
    case 'reminder-hour':
    case 'reminder-minutes':
      return m['news.reminder'](facts);
  }
}

/** To who did it. What is only ever told to the other side, or by the clock, has no words of its own. */
function ownWords(kind: NotificationKind, facts: Facts): string {
  switch (kind) {
    case 'requested':
      return m['news.you.requested'](facts);
    case 'booked':
      return m['news.you.booked'](facts);
    case 'confirmed':
      return m['news.you.confirmed'](facts);
    case 'declined':
      return m['news.you.declined'](facts);
    case 'cancelled':
      return m['news.you.cancelled'](facts);
    case 'proposed':
      return m['news.you.proposed'](facts);
    case 'proposal-declined':
      return m['news.you.proposalDeclined'](facts);
    case 'proposal-withdrawn':
      return m['news.you.proposalWithdrawn'](facts);
    case 'moved':
      return m['news.you.moved'](facts);
    case 'missed':
      return m['news.you.missed'](facts);
    case 'completed':
      return m['news.you.completed'](facts);
    case 'note-shared':
    case 'note-amended':
    case 'proposal-expired':
    case 'expired':
    case 'reminder-day':
    case 'reminder-hour':
    case 'reminder-minutes':
      return words(kind, facts);
  }
}
