import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;

let server: TestServer;
let news: TestNews;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  news = await TestNews.of(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
});

const storedSchema = z.array(z.looseObject({ kind: z.string() }));

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
