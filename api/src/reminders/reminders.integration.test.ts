import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { Application } from '../application.ts';
import { toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { TestNews } from '../testing/test-news.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';

const MINUTE_MS = 60_000;
const HOUR_MINUTES = 60;
const DAY_MINUTES = 24 * HOUR_MINUTES;
const SEND = 'send reminders';

let server: TestServer;
let others: Application[];
let news: TestNews;
let doctor: Person;
let patient: Person;

beforeEach(async () => {
  server = await TestServer.start();
  others = [];
  news = await TestNews.of(server);
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
});
afterEach(async () => {
  for (const other of others) await other.close();
  await server.close();
});

/** Another api process on the same database, with the same clock. */
async function another(): Promise<Application> {
  const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
  const application = await Application.start(server.config, logger, server.clock);
  others.push(application);
  return application;
}

const send = (): Promise<void> => server.application.runJob(SEND);

/** An appointment that was agreed to now. */
async function agreed(startsInMinutes: number, who = { doctor, patient }): Promise<string> {
  const id = await server.appointment(who.doctor, who.patient, startsInMinutes);
  await news.tell(id, 'confirm', 'doctor');
  return id;
}

const storedSchema = z.array(z.looseObject({ kind: z.string() }));

/** Reminders under somebody's bell, oldest first. */
async function remindersOf(person: Person): Promise<string[]> {
  const found = await server.database.connection
    .collection('notifications')
    .find({ accountId: toStoredId(person.id), kind: /^reminder/ })
    .sort({ _id: 1 })
    .toArray();
  return storedSchema.parse(found).map(({ kind }) => kind);
}

const reminderMailsTo = async (person: Person): Promise<number> =>
  (await news.mailsTo(person.email)).filter(({ subject }) => subject === 'Your appointment is soon').length;

async function save(person: Person, settings: { reminders: string[]; reminderMails: boolean }): Promise<void> {
  const cookie = await server.signIn(person);
  const response = await server.call('PUT', '/api/notifications/settings', { cookie, body: settings });
  expect([response.status, await response.json()]).toEqual([200, settings]);
}

const later = (minutes: number): void => server.clock.advance(minutes * MINUTE_MS);

describe('reminders', () => {
  it('come 24 hours, one hour and 10 minutes before, to both sides, each once, also by mail', async () => {
    await agreed(2 * DAY_MINUTES);
    const wanted: string[] = [];
    for (const [minutes, kind] of [
      [DAY_MINUTES - 1, undefined],
      [1, 'reminder-day'],
      [DAY_MINUTES - HOUR_MINUTES - 1, undefined],
      [1, 'reminder-hour'],
      [49, undefined],
      [1, 'reminder-minutes'],
      [30, undefined],
    ] as const) {
      later(minutes);
      if (kind !== undefined) wanted.push(kind);
      for (let round = 0; round < 3; round += 1) await send();
      expect(await remindersOf(patient)).toEqual(wanted);
      expect(await remindersOf(doctor)).toEqual(wanted);
      expect([await reminderMailsTo(patient), await reminderMailsTo(doctor)]).toEqual([wanted.length, wanted.length]);
    }
  });

  it('show at once on an open page, with the number of unread ones', async () => {
    const id = await agreed(HOUR_MINUTES + 1);
    const socket = await AppSocketClient.connect(server.url, await server.signIn(patient), { origin: PUBLIC_URL });
    const shown = socket.next('notification.added');
    later(1);
    await send();
    expect(await shown).toMatchObject({
      notification: { kind: 'reminder-hour', appointmentId: id, otherName: 'Dr Lima' },
      unread: 2,
    });
    socket.close();
  });

  it('come once from two processes that look at the same moment, over many appointments', async () => {
    const second = await another();
    const pairs = [];
    for (let count = 0; count < 15; count += 1) {
      const pair = { doctor, patient: await server.person('patient', `Pat ${count}`) };
      await agreed(HOUR_MINUTES + 1, pair);
      pairs.push(pair);
    }
    later(1);
    const looks = [server.application, second, server.application, second].map((process) => process.runJob(SEND));
    await Promise.all(looks);
    for (const pair of pairs) {
      expect(await remindersOf(pair.patient)).toEqual(['reminder-hour']);
      expect(await reminderMailsTo(pair.patient)).toBe(1);
    }
    expect(await remindersOf(doctor)).toHaveLength(15);
  });

  it('come once when a process ends and another starts in between', async () => {
    await agreed(HOUR_MINUTES + 1);
    later(1);
    const first = await another();
    const looking = first.runJob(SEND);
    await first.close();
    await looking.catch(() => undefined);
    const second = await another();
    await second.runJob(SEND);
    expect([await remindersOf(patient), await remindersOf(doctor)]).toEqual([['reminder-hour'], ['reminder-hour']]);
    expect(await reminderMailsTo(patient)).toBe(1);
  });

  it('that were missed while no server ran: only the latest, and only before the start', async () => {
    await agreed(2 * DAY_MINUTES);
    later(2 * DAY_MINUTES - 5);
    await send();
    expect(await remindersOf(patient)).toEqual(['reminder-minutes']);
    expect(await reminderMailsTo(patient)).toBe(1);
    const stranger = await server.person('patient', 'Pat Late');
    await agreed(2 * DAY_MINUTES, { doctor, patient: stranger });
    later(2 * DAY_MINUTES);
    await send();
    expect(await remindersOf(stranger)).toEqual([]);
    expect(await reminderMailsTo(stranger)).toBe(0);
  });

  it('are replaced when the time changes', async () => {
    const first = await agreed(2 * DAY_MINUTES);
    const { calendarUid } = await news.appointment(first);
    const second = await server.appointment(doctor, patient, 3 * DAY_MINUTES, { replacesId: first, calendarUid });
    await news.set(first, { status: 'rescheduled', movedToId: toStoredId(second) });
    await news.tell(second, 'confirm', 'patient', first);
    later(DAY_MINUTES);
    await send();
    expect(await remindersOf(patient)).toEqual([]);
    later(DAY_MINUTES);
    await send();
    expect(await remindersOf(patient)).toEqual(['reminder-day']);
  });

  it('do not come for what was cancelled, whoever forgot to say so', async () => {
    const told = await agreed(2 * DAY_MINUTES);
    await news.set(told, { status: 'cancelled' });
    await news.tell(told, 'cancel', 'doctor');
    const untold = await agreed(2 * DAY_MINUTES + 5);
    await news.set(untold, { status: 'cancelled' });
    later(DAY_MINUTES + 10);
    await send();
    expect(await remindersOf(patient)).toEqual([]);
  });

  it('do not come while an appointment is pending', async () => {
    const id = await server.appointment(doctor, patient, 2 * DAY_MINUTES, { status: 'pending' });
    await news.tell(id, 'request', 'patient');
    later(DAY_MINUTES + HOUR_MINUTES);
    await send();
    expect(await remindersOf(patient)).toEqual([]);
  });

  it('come as each person wishes, also for what was booked before they wished so', async () => {
    await agreed(2 * DAY_MINUTES);
    await save(patient, { reminders: ['reminder-hour'], reminderMails: false });
    later(DAY_MINUTES);
    await send();
    expect([await remindersOf(patient), await remindersOf(doctor)]).toEqual([[], ['reminder-day']]);
    later(DAY_MINUTES - HOUR_MINUTES);
    await send();
    expect(await remindersOf(patient)).toEqual(['reminder-hour']);
    expect([await reminderMailsTo(patient), await reminderMailsTo(doctor)]).toEqual([0, 2]);
    await save(doctor, { reminders: [], reminderMails: true });
    later(50);
    await send();
    expect(await remindersOf(doctor)).toEqual(['reminder-day', 'reminder-hour']);
  });

  it('one that fails does not hold up the others, and is tried again', async () => {
    const broken = await agreed(HOUR_MINUTES + 1);
    const stranger = await server.person('patient', 'Pat Well');
    await agreed(HOUR_MINUTES + 1, { doctor, patient: stranger });
    // An appointment without its other side cannot be read.
    await news.set(broken, { doctorId: null });
    later(1);
    await send();
    expect([await remindersOf(stranger), await remindersOf(patient)]).toEqual([['reminder-hour'], []]);
    expect(server.logLines.join('')).toContain('A reminder could not be sent');
    await news.set(broken, { doctorId: toStoredId(doctor.id) });
    await send();
    expect([await remindersOf(stranger), await remindersOf(patient)]).toEqual([['reminder-hour'], ['reminder-hour']]);
  });

  it('scans no collection', async () => {
    await agreed(HOUR_MINUTES + 1);
    later(1);
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    await db.command({ profile: 2 });
    await send();
    const cookie = await server.signIn(patient);
    expect((await server.call('GET', '/api/notifications', { cookie })).status).toBe(200);
    await db.command({ profile: 0 });
    const entries = await db.collection('system.profile').find().toArray();
    const own = entries.filter((entry) =>
      /\.(reminders|notifications|notification_settings)"/.test(JSON.stringify(entry)),
    );
    expect(own.length).toBeGreaterThan(5);
    for (const entry of own) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
    expect(await vi.waitFor(() => remindersOf(patient))).toEqual(['reminder-hour']);
  });
});
