import ICAL from 'ical.js';

/** A calendar entry as another program reads it. */
export interface ReadEntry {
  readonly method: string;
  readonly uid: string;
  readonly sequence: number;
  readonly status: string;
  readonly summary: string;
  readonly startsAt: string;
  /** Addresses. */
  readonly attendees: readonly string[];
  readonly calendar: ICAL.Component;
  readonly component: ICAL.Component;
  readonly event: ICAL.Event;
}

/** Reads an iCalendar object by a parser that is not ours. @throws unless there is exactly one event in it */
export function readCalendar(content: string): ReadEntry {
  const calendar = ICAL.Component.fromString(content);
  const [component, ...more] = calendar.getAllSubcomponents('vevent');
  if (component === undefined || more.length > 0) throw new Error(`${more.length + 1} events instead of one`);
  const event = new ICAL.Event(component);
  return {
    method: String(calendar.getFirstPropertyValue('method')),
    uid: event.uid,
    sequence: event.sequence,
    status: String(component.getFirstPropertyValue('status')),
    summary: event.summary,
    startsAt: event.startDate.toJSDate().toISOString(),
    attendees: event.attendees.map((attendee) => String(attendee.getFirstValue()).replace(/^mailto:/i, '')),
    calendar,
    component,
    event,
  };
}
