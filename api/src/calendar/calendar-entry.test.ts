import type ICAL from 'ical.js';
import { describe, expect, it } from 'vitest';
import { readCalendar } from '../testing/calendar-reader.ts';
import { calendarEntry, type CalendarFacts } from './calendar-entry.ts';

const FACTS: CalendarFacts = {
  method: 'REQUEST',
  uid: '0123456789abcdef01234567@health-connect',
  sequence: 3,
  status: 'confirmed',
  // The hour that New York has twice: the second 1:30, one hour after the first.
  startsAt: new Date('2026-11-01T06:30:00.000Z'),
  endsAt: new Date('2026-11-01T06:50:00.000Z'),
  stampedAt: new Date('2026-10-30T10:00:00.000Z'),
  otherName: 'Dr Lima',
  notes: [],
  url: 'https://clinic.example/appointments/0123456789abcdef01234567',
  organizer: { name: 'Health Connect', email: 'no-reply@clinic.example' },
  recipient: { name: 'Pia', email: 'pia@test.example' },
};

const textOf = (component: ICAL.Component, name: string): string => String(component.getFirstPropertyValue(name));

describe('a calendar entry (RFC 5545)', () => {
  it('says what, when in UTC, which version and for whom', () => {
    const content = calendarEntry(FACTS);
    const { calendar, component, event } = readCalendar(content);
    expect(textOf(calendar, 'method')).toBe('REQUEST');
    expect(textOf(calendar, 'version')).toBe('2.0');
    expect(event.uid).toBe(FACTS.uid);
    expect(event.sequence).toBe(3);
    expect(event.startDate.toJSDate()).toEqual(FACTS.startsAt);
    expect(event.endDate.toJSDate()).toEqual(FACTS.endsAt);
    expect(content).toContain('DTSTART:20261101T063000Z\r\n');
    expect(textOf(component, 'dtstamp')).toBe('2026-10-30T10:00:00Z');
    expect(textOf(component, 'status')).toBe('CONFIRMED');
    expect(textOf(component, 'url')).toBe(FACTS.url);
    expect(event.summary).toBe('Appointment with Dr Lima');
    expect(event.organizer.toLowerCase()).toBe('mailto:no-reply@clinic.example');
    expect(event.attendees.map((attendee) => String(attendee.getFirstValue()).toLowerCase())).toEqual([
      'mailto:pia@test.example',
    ]);
    expect(event.attendees[0]?.getParameter('rsvp')).toBe('FALSE');
  });

  it('takes an entry out of a calendar', () => {
    const { calendar, component } = readCalendar(calendarEntry({ ...FACTS, method: 'CANCEL', status: 'cancelled' }));
    expect([textOf(calendar, 'method'), textOf(component, 'status')]).toEqual(['CANCEL', 'CANCELLED']);
  });

  it('names no attendee in a file that somebody fetches', () => {
    const { calendar, event } = readCalendar(calendarEntry({ ...FACTS, method: 'PUBLISH' }));
    expect(textOf(calendar, 'method')).toBe('PUBLISH');
    expect(event.attendees).toEqual([]);
  });

  it.each([
    [
      'a line break',
      'Eve\r\nATTENDEE:mailto:eve@evil.example\r\nEND:VEVENT',
      'Eve ATTENDEE:mailto:eve@evil.example END:VEVENT',
    ],
    ['one sign of a line break', 'Eve\rSTATUS:CANCELLED\nX', 'Eve STATUS:CANCELLED X'],
    ['a line break of Unicode', 'Eve\u2028DTSTART:19700101T000000Z\u0085X', 'Eve DTSTART:19700101T000000Z X'],
    ['signs that mean something', 'Eve; "Q", ^n: x=y', 'Eve; "Q", ^n: x=y'],
  ])('keeps %s in a name from becoming a property', (_what, name, shown) => {
    const content = calendarEntry({ ...FACTS, otherName: name, recipient: { ...FACTS.recipient, name } });
    const { component, event } = readCalendar(content);
    expect(event.summary).toBe(`Appointment with ${shown}`);
    expect(event.attendees).toHaveLength(1);
    expect(event.attendees[0]?.getParameter('cn')).toBe(shown);
    expect(textOf(component, 'status')).toBe('CONFIRMED');
    expect(component.getAllProperties('dtstart')).toHaveLength(1);
    expect(content.match(/^(ATTENDEE|STATUS|DTSTART|END:VEVENT)/gm)).toHaveLength(4);
  });

  it('keeps a backslash in a name what it is', () => {
    const { event } = readCalendar(calendarEntry({ ...FACTS, otherName: 'Eve \\n \\; X' }));
    expect(event.summary).toBe('Appointment with Eve \\n \\; X');
  });

  it('folds lines of more than 75 octets, never within a sign', () => {
    const otherName = 'د. ليلى 👩‍⚕️ '.repeat(12).trim();
    const content = calendarEntry({ ...FACTS, otherName });
    for (const line of content.split('\r\n')) {
      expect(Buffer.byteLength(line)).toBeLessThanOrEqual(75);
      expect(Buffer.from(line).toString('utf8')).not.toContain('\uFFFD');
    }
    expect(content.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(readCalendar(content).event.summary).toBe(`Appointment with ${otherName}`);
  });
});
