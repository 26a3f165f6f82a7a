import ical, {
  ICalAttendeeStatus,
  ICalCalendarMethod,
  ICalEventClass,
  ICalEventStatus,
  type ICalAttendeeData,
} from 'ical-generator';
import { oneLine } from '../mail/one-line.ts';

/** Somebody in a calendar entry. */
export interface CalendarPerson {
  readonly name: string;
  readonly email: string;
}

/** What a calendar is told of an appointment: when, with whom and where to open it. No reason, nothing of health. */
export interface CalendarFacts {
  /**
   * What the receiving calendar is to do (RFC 5546): `REQUEST` puts the entry in or replaces it, `CANCEL` takes it out;
   * `PUBLISH` is a file that somebody fetches.
   */
  readonly method: 'REQUEST' | 'CANCEL' | 'PUBLISH';
  /** The same for every version of the entry, also after the appointment was moved (RFC 5545, 3.8.4.7). */
  readonly uid: string;
  /** Higher than that of every version before (RFC 5545, 3.8.7.4). */
  readonly sequence: number;
  readonly status: 'tentative' | 'confirmed' | 'cancelled';
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly stampedAt: Date;
  /** The other side, as the title names it. */
  readonly otherName: string;
  /** Lines on how things are, such as another time that was proposed. */
  readonly notes: readonly string[];
  /** Address of the appointment in the web app. */
  readonly url: string;
  readonly organizer: CalendarPerson;
  /** Who gets it. The two sides are not told each other's address. */
  readonly recipient: CalendarPerson;
}

const METHODS = {
  REQUEST: ICalCalendarMethod.REQUEST,
  CANCEL: ICalCalendarMethod.CANCEL,
  PUBLISH: ICalCalendarMethod.PUBLISH,
} as const;
const STATUSES = {
  tentative: ICalEventStatus.TENTATIVE,
  confirmed: ICalEventStatus.CONFIRMED,
  cancelled: ICalEventStatus.CANCELLED,
} as const;

/** Answers go nowhere, so that none is asked for: changes are made in the web app. */
function attendeeOf({ recipient, status }: CalendarFacts): ICalAttendeeData {
  const accepted = status === 'confirmed' ? ICalAttendeeStatus.ACCEPTED : ICalAttendeeStatus.NEEDSACTION;
  return { name: oneLine(recipient.name), email: recipient.email, rsvp: false, status: accepted };
}

/** An appointment as an iCalendar object (RFC 5545), with times in UTC. */
export function calendarEntry(facts: CalendarFacts): string {
  const { method, uid, sequence, status, startsAt, endsAt, stampedAt, otherName, notes, url, organizer } = facts;
  const calendar = ical({
    prodId: { company: 'Health Connect', product: 'Health Connect', language: 'EN' },
    method: METHODS[method],
  });
  calendar.createEvent({
    id: uid,
    sequence,
    status: STATUSES[status],
    start: startsAt,
    end: endsAt,
    stamp: stampedAt,
    summary: `Appointment with ${oneLine(otherName)}`,
    description: [...notes, `Open it here: ${url}`].join('\n'),
    url,
    class: ICalEventClass.PRIVATE,
    organizer: { name: oneLine(organizer.name), email: organizer.email },
    // What is published has no attendees (RFC 5546, 3.2.1).
    attendees: method === 'PUBLISH' ? [] : [attendeeOf(facts)],
  });
  return calendar.toString();
}
