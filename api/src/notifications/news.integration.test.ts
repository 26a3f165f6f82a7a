import type { NotificationKind, Side } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { AppointmentNews } from '../appointments/appointment-news.ts';
import { appointmentTime } from '../appointments/wall-time.ts';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { readCalendar } from '../testing/calendar-reader.ts';
import { TestNews } from '../testing/test-news.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;

let server: TestServer;
let news: TestNews;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  // Calendars know no fractions of a second.
  server.clock.set(Math.floor(server.clock.now() / 1000) * 1000);
  news = await TestNews.of(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
  news.published.length = 0;
});

const storedSchema = z.array(z.looseObject({ kind: z.string() }));

async function bellOf(person: Person): Promise<string[]> {
  const found = await server.database.connection
    .collection('notifications')
    .find({ accountId: toStoredId(person.id) })
    .sort({ _id: 1 })
    .toArray();
  return storedSchema.parse(found).map(({ kind }) => kind);
}

async function plannedOf(appointmentId: string): Promise<string[]> {
  const found = await server.database.connection
    .collection('reminders')
    .find({ appointmentId: toStoredId(appointmentId), state: 'planned' })
    .toArray();
  return storedSchema
    .parse(found)
    .map(({ kind }) => kind)
    .sort();
}

/** Calendar entries that somebody was mailed, oldest first. */
async function entriesOf(person: Person) {
  const mails = await news.mailsTo(person.email);
  return mails.flatMap(({ calendar }) => (calendar === undefined ? [] : [readCalendar(calendar.content)]));
}

const subjectsTo = async (person: Person): Promise<string[]> =>
  (await news.mailsTo(person.email)).map(({ subject }) => subject);

const ENDED = { startsInMinutes: 3 * DAY_MINUTES, status: 'cancelled' as const };
const PENDING = { startsInMinutes: 3 * DAY_MINUTES, status: 'pending' as const };
const SCHEDULED = { startsInMinutes: 3 * DAY_MINUTES, status: 'scheduled' as const };

interface Case {
  readonly change: AppointmentNews['change'];
  readonly by: AppointmentNews['by'];
  readonly of: typeof ENDED | typeof PENDING | typeof SCHEDULED | { startsInMinutes: number; status: 'completed' };
  readonly bell: Partial<Record<Side, NotificationKind>>;
  /** Method and status of the entry that each side gets. */
  readonly calendar: string | null;
  readonly mails: Partial<Record<Side, string>>;
}

const OVER = { startsInMinutes: -60, status: 'completed' as const };

describe('a change of an appointment', () => {
  it.each<Case>([
    {
      change: 'request',
      by: 'patient',
      of: PENDING,
      bell: { doctor: 'requested' },
      calendar: 'REQUEST TENTATIVE',
      mails: { doctor: 'Somebody asks for an appointment', patient: 'You have asked for an appointment' },
    },
    {
      change: 'book',
      by: 'patient',
      of: SCHEDULED,
      bell: { doctor: 'booked' },
      calendar: 'REQUEST CONFIRMED',
      mails: { doctor: 'Your appointment is booked', patient: 'Your appointment is booked' },
    },
    {
      change: 'book',
      by: 'doctor',
      of: SCHEDULED,
      bell: { patient: 'booked' },
      calendar: 'REQUEST CONFIRMED',
      mails: { doctor: 'Your appointment is booked', patient: 'Your appointment is booked' },
    },
    {
      change: 'confirm',
      by: 'doctor',
      of: SCHEDULED,
      bell: { patient: 'confirmed' },
      calendar: 'REQUEST CONFIRMED',
      mails: { doctor: 'Your appointment is confirmed', patient: 'Your appointment is confirmed' },
    },
    {
      change: 'decline',
      by: 'doctor',
      of: ENDED,
      bell: { patient: 'declined' },
      calendar: 'CANCEL CANCELLED',
      mails: { doctor: 'You have declined a request', patient: 'Your request was declined' },
    },
    {
      change: 'cancel',
      by: 'patient',
      of: ENDED,
      bell: { doctor: 'cancelled' },
      calendar: 'CANCEL CANCELLED',
      mails: { doctor: 'Your appointment is cancelled', patient: 'Your appointment is cancelled' },
    },
    {
      change: 'expire',
      by: 'system',
      of: ENDED,
      bell: { doctor: 'expired', patient: 'expired' },
      calendar: 'CANCEL CANCELLED',
      mails: {
        doctor: 'An appointment was not confirmed in time',
        patient: 'An appointment was not confirmed in time',
      },
    },
    {
      change: 'miss',
      by: 'system',
      of: OVER,
      bell: { doctor: 'missed', patient: 'missed' },
      calendar: null,
      mails: { doctor: 'You did not meet', patient: 'You did not meet' },
    },
    {
      change: 'miss',
      by: 'doctor',
      of: OVER,
      bell: { patient: 'missed' },
      calendar: null,
      mails: { patient: 'You did not meet' },
    },
    { change: 'complete', by: 'doctor', of: OVER, bell: { patient: 'completed' }, calendar: null, mails: {} },
  ])('$change by $by: tells the other side, and gives both what their calendars need', async (wanted) => {
    const id = await server.appointment(doctor, patient, wanted.of.startsInMinutes, { status: wanted.of.status });
    await news.tell(id, wanted.change, wanted.by);
    for (const [side, person] of [
      ['doctor', doctor],
      ['patient', patient],
    ] as const) {
      const [bell, subject] = [wanted.bell[side], wanted.mails[side]];
      expect([side, await bellOf(person)]).toEqual([side, bell === undefined ? [] : [bell]]);
      expect([side, await subjectsTo(person)]).toEqual([side, subject === undefined ? [] : [subject]]);
      const entries = await entriesOf(person);
      expect(entries.map(({ method, status }) => `${method} ${status}`)).toEqual(
        wanted.calendar === null ? [] : [wanted.calendar],
      );
      for (const { attendees } of entries) expect(attendees).toEqual([person.email]);
    }
  });

  it('shows on open pages once it has been committed, with the number of unread ones', async () => {
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await news.tell(id, 'confirm', 'doctor');
    await news.tell(id, 'cancel', 'doctor');
    await vi.waitFor(() => expect(news.published).toHaveLength(2));
    expect(news.published.map(({ accountIds }) => accountIds)).toEqual([[patient.id], [patient.id]]);
    expect(news.published.at(-1)).toMatchObject({
      name: 'notification.added',
      payload: {
        notification: { kind: 'cancelled', appointmentId: id, otherName: 'Dr Lima', readAt: null },
        unread: 2,
      },
    });
  });

  it('leaves nothing behind, and shows nothing, when the change is not committed', async () => {
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    const appointment = await news.appointment(id);
    const attempt = server.database.transaction(async (transaction) => {
      await news.services.news.write({ change: 'confirm', by: 'doctor', appointment }, transaction);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect([await bellOf(patient), await subjectsTo(patient), await plannedOf(id)]).toEqual([[], [], []]);
    expect((await news.appointment(id)).calendarSequence).toBe(0);
    expect(news.published).toEqual([]);
  });

  it('says nothing of why the patient comes, nor what was said (privacy)', async () => {
    const secret = 'secret-rash-on-both-arms';
    const ending = { change: 'cancel' as const, by: 'patient' as const, reason: secret, at: new Date() };
    const parts = { reason: secret, comment: secret, review: secret, ending };
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES, parts);
    for (const change of ['request', 'confirm', 'cancel', 'decline', 'expire', 'miss', 'complete'] as const) {
      await news.tell(id, change, 'system');
    }
    const mails = [...(await news.mailsTo(doctor.email)), ...(await news.mailsTo(patient.email))];
    expect(mails.length).toBeGreaterThan(10);
    expect(JSON.stringify(mails)).not.toContain(secret);
    const stored = await server.database.connection.collection('notifications').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(secret);
  });
});

describe('the calendar entry of an appointment', () => {
  it('keeps its UID over every version, with a rising SEQUENCE, also when the appointment moves', async () => {
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES, { status: 'pending' });
    await news.tell(first, 'request', 'patient');
    await news.set(first, { status: 'scheduled' });
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, {
      status: 'pending',
      replacesId: first,
      calendarUid,
    });
    await news.tell(second, 'propose', 'patient');
    await news.set(first, { status: 'rescheduled', movedToId: toStoredId(second) });
    await news.set(second, { status: 'scheduled' });
    await news.tell(second, 'confirm', 'doctor', first);
    await news.set(second, { status: 'cancelled' });
    await news.tell(second, 'cancel', 'doctor');
    const [before, after] = [await news.appointment(first), await news.appointment(second)];
    for (const person of [doctor, patient]) {
      expect(await entriesOf(person)).toMatchObject([
        {
          method: 'REQUEST',
          uid: calendarUid,
          sequence: 0,
          status: 'TENTATIVE',
          startsAt: before.startsAt.toISOString(),
        },
        {
          method: 'REQUEST',
          uid: calendarUid,
          sequence: 1,
          status: 'CONFIRMED',
          startsAt: before.startsAt.toISOString(),
        },
        {
          method: 'REQUEST',
          uid: calendarUid,
          sequence: 2,
          status: 'CONFIRMED',
          startsAt: after.startsAt.toISOString(),
        },
        {
          method: 'CANCEL',
          uid: calendarUid,
          sequence: 3,
          status: 'CANCELLED',
          startsAt: after.startsAt.toISOString(),
        },
      ]);
    }
    expect(await bellOf(doctor)).toEqual(['requested', 'proposed']);
    expect(await bellOf(patient)).toEqual(['confirmed', 'moved', 'cancelled']);
  });

  it.each([
    ['decline', 'doctor', 'proposal-declined', 'patient'],
    ['cancel', 'patient', 'proposal-withdrawn', 'doctor'],
  ] as const)('stays when a proposal ends by %s', async (change, by, kind, told) => {
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const proposal = { status: 'cancelled', replacesId: first, calendarUid } as const;
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, proposal);
    await news.tell(second, change, by);
    const [person, other] = told === 'doctor' ? [doctor, patient] : [patient, doctor];
    expect((await bellOf(person)).at(-1)).toBe(kind);
    expect(await bellOf(other)).not.toContain(kind);
    expect(await entriesOf(doctor)).toHaveLength(1);
    expect(await plannedOf(first)).toHaveLength(6);
    const mail = (await news.mailsTo(person.email)).at(-1);
    expect(mail?.text).toContain('Your appointment stays as it was');
  });

  it('goes with the appointment, and the proposal that ends along with it is not told of', async () => {
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const proposal = { status: 'pending', replacesId: first, calendarUid } as const;
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, proposal);
    await news.tell(second, 'propose', 'doctor');
    await news.set(first, { status: 'cancelled' });
    await news.tell(first, 'cancel', 'patient');
    await news.set(second, { status: 'cancelled' });
    await news.tell(second, 'cancel', 'patient');
    expect(await bellOf(doctor)).toEqual(['cancelled']);
    expect((await entriesOf(doctor)).map(({ method }) => method)).toEqual(['REQUEST', 'CANCEL']);
  });

  it('says the time in both zones when the doctor is in another one than the appointment was made in', async () => {
    await server.database.connection
      .collection('doctors')
      .updateOne({ _id: toStoredId(doctor.id) }, { $set: { timeZone: 'America/New_York' } });
    const startsAt = new Date(Math.ceil(server.clock.now() / (60 * MINUTE_MS)) * 60 * MINUTE_MS + 3 * 86_400_000);
    const id = await server.appointment(doctor, patient, 0, appointmentTime(startsAt, 20, 'Europe/Berlin'));
    await news.tell(id, 'confirm', 'doctor');
    const [toDoctor] = await news.mailsTo(doctor.email);
    const [toPatient] = await news.mailsTo(patient.email);
    for (const part of [toDoctor?.text, toDoctor?.html, toPatient?.text, toPatient?.html]) {
      expect(part).toMatch(/Berlin time \(UTC\+0[12]:00\)/);
      expect(part).toContain(`${PUBLIC_URL}/appointments/${id}`);
    }
    for (const part of [toDoctor?.text, toDoctor?.html]) expect(part).toMatch(/New York time \(UTC-0[45]:00\)/);
    expect(toPatient?.text).not.toContain('New York');
  });

  it('is fetched as a file by its two sides alone, as it stands', async () => {
    const colleague = await server.person('doctor', 'Dr Cole');
    const colleagueIds = [toStoredId(colleague.id)];
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES, {});
    await news.set(first, { colleagueIds });
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const fetched = async (person: Person, id: string) => {
      const cookie = await server.signIn(person);
      const response = await server.call('GET', `/api/appointments/${id}/calendar`, { cookie });
      expect(response.status).toBe(200);
      return readCalendar(z.strictObject({ ics: z.string() }).parse(await response.json()).ics);
    };
    const confirmed = { method: 'PUBLISH', uid: calendarUid, sequence: 0, status: 'CONFIRMED', attendees: [] };
    expect(await fetched(patient, first)).toMatchObject(confirmed);
    expect(await fetched(doctor, first)).toMatchObject(confirmed);
    const proposal = { status: 'pending', replacesId: first, calendarUid } as const;
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, proposal);
    const [before, after] = [await news.appointment(first), await news.appointment(second)];
    expect(await fetched(patient, second)).toMatchObject({ ...confirmed, startsAt: before.startsAt.toISOString() });
    await news.set(first, { status: 'rescheduled', movedToId: toStoredId(second) });
    await news.set(second, { status: 'scheduled' });
    await news.tell(second, 'confirm', 'doctor', first);
    for (const id of [first, second]) {
      expect(await fetched(patient, id)).toMatchObject({
        ...confirmed,
        sequence: 1,
        startsAt: after.startsAt.toISOString(),
      });
    }
    const path = `/api/appointments/${first}/calendar`;
    for (const person of [colleague, await server.person('doctor', 'Dr Else'), await server.person('patient', 'Pat')]) {
      await expectRefusal(await server.call('GET', path, { cookie: await server.signIn(person) }), 403, 'forbidden');
    }
    const downloads = { resourceId: first, action: 'download', detail: 'calendar' };
    expect(await server.database.connection.collection('audit_entries').countDocuments(downloads)).toBeGreaterThan(0);
  });
});

describe('reminders', () => {
  const ALL = [
    'reminder-day',
    'reminder-day',
    'reminder-hour',
    'reminder-hour',
    'reminder-minutes',
    'reminder-minutes',
  ];

  it('are planned when an appointment is agreed to, for both sides, and not while it is pending', async () => {
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES, { status: 'pending' });
    await news.tell(id, 'request', 'patient');
    expect(await plannedOf(id)).toEqual([]);
    await news.set(id, { status: 'scheduled' });
    await news.tell(id, 'confirm', 'doctor');
    expect(await plannedOf(id)).toEqual(ALL);
  });

  it('are planned only where their time has not passed yet', async () => {
    const id = await server.appointment(doctor, patient, 90);
    await news.tell(id, 'book', 'patient');
    expect(await plannedOf(id)).toEqual(ALL.slice(2));
  });

  it('are taken back when it is cancelled, and replaced when it moves', async () => {
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const second = await server.appointment(doctor, patient, 90, { replacesId: first, calendarUid });
    await news.set(first, { status: 'rescheduled', movedToId: toStoredId(second) });
    await news.tell(second, 'confirm', 'patient', first);
    expect([await plannedOf(first), await plannedOf(second)]).toEqual([[], ALL.slice(2)]);
    await news.set(second, { status: 'cancelled' });
    await news.tell(second, 'cancel', 'patient');
    expect(await plannedOf(second)).toEqual([]);
  });
});
