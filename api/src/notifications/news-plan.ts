import type { NotificationKind, ReminderKind, Side } from '@health-connect/contract';
import type { AppointmentNews } from '../appointments/appointment-news.ts';
import type { MailWords } from '../mail/templates/appointment-mails.ts';

/** What a change came to, for its two sides; the line under the bell is named after it. */
export type Occasion = Exclude<NotificationKind, ReminderKind | 'note-shared' | 'note-amended'>;

/** How an occasion is told. Both sides hear of every one: under the bell, by mail, and in their calendars. */
interface Telling {
  /** The mail to who did not do it; to both when nobody did. */
  readonly other: MailWords;
  /** The mail to who did it. */
  readonly doer: MailWords;
  /** What their calendars are to do (RFC 5546). */
  readonly method: 'REQUEST' | 'CANCEL';
  /**
   * Whose entry comes along: that of the appointment itself or, for a proposal, that of the appointment that stands
   * until both agree. The two have one UID.
   */
  readonly entryOf: 'itself' | 'standing';
  readonly reminders: 'plan' | 'remove' | 'none';
}

const ASKED = { method: 'REQUEST', entryOf: 'itself', reminders: 'none' } as const;
const BOOKED = { method: 'REQUEST', entryOf: 'itself', reminders: 'plan' } as const;
const OFF = { method: 'CANCEL', entryOf: 'itself', reminders: 'remove' } as const;
/** What is past stays in calendars: they get the entry once more, with a line on how it ended. */
const PAST = { method: 'REQUEST', entryOf: 'itself', reminders: 'remove' } as const;
const PROPOSAL = { method: 'REQUEST', entryOf: 'standing', reminders: 'none' } as const;

/** Who hears what, and how: the one table of it. */
export const TELLINGS: Readonly<Record<Occasion, Telling>> = {
  requested: { other: 'requested', doer: 'requested-by-you', ...ASKED },
  booked: { other: 'booked', doer: 'booked-by-you', ...BOOKED },
  confirmed: { other: 'confirmed', doer: 'confirmed-by-you', ...BOOKED },
  moved: { other: 'moved', doer: 'moved-by-you', ...BOOKED },
  declined: { other: 'declined', doer: 'declined-by-you', ...OFF },
  cancelled: { other: 'cancelled', doer: 'cancelled-by-you', ...OFF },
  expired: { other: 'expired', doer: 'expired', ...OFF },
  missed: { other: 'missed', doer: 'missed-by-you', ...PAST },
  completed: { other: 'completed', doer: 'completed-by-you', ...PAST },
  proposed: { other: 'proposed', doer: 'proposed-by-you', ...PROPOSAL },
  'proposal-declined': { other: 'proposal-declined', doer: 'proposal-declined-by-you', ...PROPOSAL },
  'proposal-withdrawn': { other: 'proposal-withdrawn', doer: 'proposal-withdrawn-by-you', ...PROPOSAL },
  'proposal-expired': { other: 'proposal-expired', doer: 'proposal-expired', ...PROPOSAL },
};

/** What one side gets of a change. */
export interface SideNews {
  readonly side: Side;
  /** Whether this side did it: its line under the bell is read from the beginning. */
  readonly byYou: boolean;
  readonly mail: MailWords;
}

/** What follows from a change. */
export interface NewsPlan extends Pick<Telling, 'method' | 'entryOf' | 'reminders'> {
  readonly occasion: Occasion;
  readonly sides: readonly SideNews[];
}

/** What the plan looks at. */
export interface PlannedNews extends Pick<AppointmentNews, 'change' | 'by'> {
  readonly appointment: Pick<AppointmentNews['appointment'], 'status'>;
  readonly replaced?: object;
}

function occasionOf({ change, appointment, replaced }: PlannedNews, isProposal: boolean): Occasion {
  if (replaced !== undefined) return 'moved';
  switch (change) {
    case 'request':
      return appointment.status === 'pending' ? 'requested' : 'booked';
    case 'book':
      return 'booked';
    case 'propose':
      return 'proposed';
    case 'confirm':
      return 'confirmed';
    case 'move':
      return 'moved';
    case 'decline':
      return isProposal ? 'proposal-declined' : 'declined';
    case 'cancel':
      return isProposal ? 'proposal-withdrawn' : 'cancelled';
    case 'expire':
      return isProposal ? 'proposal-expired' : 'expired';
    case 'miss':
      return 'missed';
    case 'complete':
      return 'completed';
  }
}

/**
 * Who is told what of a change: both sides, who did it in words of their own.
 * @param isProposal whether it was proposed in place of an appointment that still stands
 */
export function planOf(news: PlannedNews, isProposal: boolean): NewsPlan {
  const occasion = occasionOf(news, isProposal);
  const { other, doer, ...rest } = TELLINGS[occasion];
  const sides = (['doctor', 'patient'] as const).map((side): SideNews => {
    const byYou = side === news.by;
    return { side, byYou, mail: byYou ? doer : other };
  });
  return { occasion, sides, ...rest };
}
