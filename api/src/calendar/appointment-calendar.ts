import type { AppointmentStatus } from '@health-connect/contract';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import { timeLines } from '../appointments/when.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import { calendarEntry, type CalendarFacts, type CalendarPerson } from './calendar-entry.ts';

interface Parts {
  readonly config: Pick<Config, 'publicUrl' | 'mail'>;
  readonly clock: Clock;
}

/** One version of an entry for one person. */
export type EntryVersion = Pick<CalendarFacts, 'method' | 'sequence' | 'recipient' | 'otherName'> & {
  /** The other time that was proposed for it and is not answered. */
  readonly proposal: AppointmentRecord | undefined;
  /** The zone in which that person is told times, too. */
  readonly timeZone: string | undefined;
};

const STATUSES: Readonly<Record<AppointmentStatus, CalendarFacts['status']>> = {
  pending: 'tentative',
  scheduled: 'confirmed',
  completed: 'confirmed',
  cancelled: 'cancelled',
  rescheduled: 'cancelled',
};

/** What the entry says of how things are. A visit that is past stays what it was, with a word on how it ended. */
function notesOf({ outcome }: AppointmentRecord, { proposal, timeZone }: EntryVersion): readonly string[] {
  if (outcome === 'met') return ['This appointment has taken place.'];
  if (outcome === 'missed') return ['You did not meet at this appointment.'];
  if (proposal === undefined) return [];
  return ['Another time was proposed. Until both agree, this one stays:', ...timeLines(proposal, timeZone)];
}

/** In whose name entries come: the installation's, because changes are made there and not by answering a mail. */
function organizerOf({ publicUrl, mail }: Parts['config']): CalendarPerson {
  const [, name = '', email] = /^(.*?)<?([^\s<>]+@[^\s<>]+?)>?$/.exec(mail?.from ?? '') ?? [];
  const bare = name.replaceAll('"', '').trim();
  return {
    name: bare === '' ? 'Health Connect' : bare,
    email: email ?? `no-reply@${new URL(publicUrl).hostname}`,
  };
}

/** Appointments as entries of calendars. */
export class AppointmentCalendar {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AppointmentCalendar {
    return new AppointmentCalendar(parts);
  }

  /** The appointment as an iCalendar object. */
  entry(appointment: AppointmentRecord, version: EntryVersion): string {
    const { config, clock } = this.#parts;
    const { id, calendarUid, status, startsAt, endsAt } = appointment;
    return calendarEntry({
      method: version.method,
      sequence: version.sequence,
      recipient: { name: version.recipient.name, email: version.recipient.email },
      otherName: version.otherName,
      notes: notesOf(appointment, version),
      uid: calendarUid,
      status: version.method === 'CANCEL' ? 'cancelled' : STATUSES[status],
      startsAt,
      endsAt,
      stampedAt: new Date(clock.now()),
      url: `${config.publicUrl}/appointments/${id}`,
      organizer: organizerOf(config),
    });
  }
}
