import type { NotificationKind, Side } from '@health-connect/contract';
import type { AppointmentNews } from '../appointments/appointment-news.ts';
import type { MailWords } from '../mail/templates/appointment-mails.ts';

/** What one side gets of a change. */
export interface SideNews {
  readonly side: Side;
  /** Under the bell; `null` for who did it. */
  readonly notification: NotificationKind | null;
  readonly mail: MailWords | null;
  /** What comes with the mail for the calendar of that side. */
  readonly calendar: 'REQUEST' | 'CANCEL' | null;
}

/** What follows from a change. */
export interface NewsPlan {
  readonly sides: readonly SideNews[];
  readonly reminders: 'plan' | 'remove' | 'none';
}

/** What both sides are told, in words that fit who did it and who did not. */
interface Telling {
  readonly notification: NotificationKind;
  readonly mail: MailWords | null;
  /** Mail to who did it, which brings the calendar entry. */
  readonly ownMail: MailWords | null;
  readonly calendar: SideNews['calendar'];
  readonly reminders: NewsPlan['reminders'];
}

const BOOKED = { calendar: 'REQUEST', reminders: 'plan' } as const;
const ENDED = { calendar: 'CANCEL', reminders: 'remove' } as const;
/** A proposal is not in calendars: the appointment that it would replace is, at its time, until it is agreed to. */
const PROPOSAL = { ownMail: null, calendar: null, reminders: 'none' } as const;

const REQUESTED: Telling = {
  notification: 'requested',
  mail: 'requested',
  ownMail: 'request-sent',
  calendar: 'REQUEST',
  reminders: 'none',
};
const MOVED: Telling = { ...BOOKED, notification: 'moved', mail: 'moved', ownMail: 'moved' };

/** @param isProposal whether it was proposed in place of an appointment that still stands */
function tellingOf({ change, appointment, replaced }: AppointmentNews, isProposal: boolean): Telling {
  if (replaced !== undefined && appointment.status === 'scheduled') return MOVED;
  switch (change) {
    case 'request':
      return appointment.status === 'pending'
        ? REQUESTED
        : { ...BOOKED, notification: 'booked', mail: 'booked', ownMail: 'booked' };
    case 'book':
      return { ...BOOKED, notification: 'booked', mail: 'booked', ownMail: 'booked' };
    case 'propose':
      return { ...PROPOSAL, notification: 'proposed', mail: 'proposed' };
    case 'confirm':
      return { ...BOOKED, notification: 'confirmed', mail: 'confirmed', ownMail: 'confirmed' };
    case 'move':
      return MOVED;
    case 'decline':
      return isProposal
        ? { ...PROPOSAL, notification: 'proposal-declined', mail: 'proposal-declined' }
        : { ...ENDED, notification: 'declined', mail: 'declined', ownMail: 'declined-yourself' };
    case 'cancel':
      return isProposal
        ? { ...PROPOSAL, notification: 'proposal-withdrawn', mail: 'proposal-withdrawn' }
        : { ...ENDED, notification: 'cancelled', mail: 'cancelled', ownMail: 'cancelled' };
    case 'expire':
      return isProposal
        ? { ...PROPOSAL, notification: 'expired', mail: null }
        : { ...ENDED, notification: 'expired', mail: 'expired', ownMail: 'expired' };
    case 'miss':
      return { notification: 'missed', mail: 'missed', ownMail: null, calendar: null, reminders: 'remove' };
    case 'complete':
      return { notification: 'completed', mail: null, ownMail: null, calendar: null, reminders: 'remove' };
  }
}

/** Who is told what of a change: the other side of who did it, both when nobody did. */
export function planOf(news: AppointmentNews, isProposal: boolean): NewsPlan {
  const { notification, mail, ownMail, calendar, reminders } = tellingOf(news, isProposal);
  const sides = (['doctor', 'patient'] as const).map((side): SideNews => {
    if (side === news.by)
      return { side, notification: null, mail: ownMail, calendar: ownMail === null ? null : calendar };
    return { side, notification, mail, calendar: mail === null ? null : calendar };
  });
  return { sides, reminders };
}
