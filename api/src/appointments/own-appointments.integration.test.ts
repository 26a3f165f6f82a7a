import { randomUUID } from 'node:crypto';
import { bookingEndpoints, MOST_IN_A_WEEK } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId, toStoredId } from '../database/ids.ts';
import { appointmentsOf } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const HOUR_MS = 60 * 60_000;
/** More than one answer has. */
const MANY = 600;

let server: TestServer;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await server.person('doctor', 'Dr. Busy');
  patient = await server.person('patient', 'Pat');
});

/** Copies of an appointment, one an hour before or after it. */
async function copies(id: string, count: number, stepHours: number): Promise<void> {
  const collection = server.database.connection.collection('appointments');
  const original = await collection.findOne({ _id: toStoredId(id) });
  if (original === null) throw new Error('There is no such appointment');
  const later = (value: unknown, n: number): Date => new Date(Number(value) + n * stepHours * HOUR_MS);
  const documents = Array.from({ length: count }, (_item, index) => ({
    ...original,
    _id: toStoredId(newId()),
    calendarUid: randomUUID(),
    startsAt: later(original['startsAt'], index + 1),
    endsAt: later(original['endsAt'], index + 1),
  }));
  await collection.insertMany(documents);
}

const listOf = async (person: Person) => {
  const cookie = await server.signIn(person);
  return appointmentsOf(await server.call('GET', `/api/appointments/${person.role}`, { cookie }));
};

describe('the list of somebody with more appointments than one answer has', () => {
  it.each(['doctor', 'patient'] as const)('of a %s has the nearest to come and the latest past ones', async (role) => {
    const person = role === 'doctor' ? doctor : patient;
    const over = { status: 'completed', outcome: 'met', closedAt: new Date() } as const;
    const oldest = await server.appointment(doctor, patient, -MANY * 60 - 90, over);
    await copies(oldest, MANY - 1, 1);
    const latest = await server.appointment(doctor, patient, -30);
    const next = await server.appointment(doctor, patient, 60);
    await copies(next, MANY, 1);
    const list = await listOf(person);
    expect(list).toHaveLength(500);
    const starts = list.map(({ startsAt }) => startsAt);
    expect(starts).toEqual([...starts].sort());
    const ids = list.map(({ id }) => id);
    expect(ids).not.toContain(oldest);
    // Nothing is left out around now: the visit that runs, the one before it, the next and all that follow it.
    const place = ids.indexOf(latest);
    expect(ids[place + 1]).toBe(next);
    expect(list.slice(place + 1, place + 240).map(({ startsAt }) => Date.parse(startsAt))).toEqual(
      Array.from({ length: 239 }, (_item, index) => server.clock.now() + (index + 1) * HOUR_MS),
    );
  });

  it('of some days is whole, however short the visits are', async () => {
    const { clock } = server;
    const dayMs = 24 * HOUR_MS;
    clock.set(Math.ceil(clock.now() / dayMs) * dayMs);
    const first = await server.appointment(doctor, patient, 8 * 60);
    await copies(first, 671, 1 / 12);
    const cookie = await server.signIn(doctor);
    const from = new Date(clock.now()).toISOString().slice(0, 10);
    const week = await server.call('GET', `/api/appointments/day?from=${from}&days=7`, { cookie });
    const { appointments, isWhole } = bookingEndpoints.day.response.parse(await week.json());
    expect([appointments.length, isWhole]).toEqual([672, true]);
  });

  it('of some days says when it is not whole, and leaves out what was called off before anything else', async () => {
    const { clock } = server;
    const dayMs = 24 * HOUR_MS;
    clock.set(Math.ceil(clock.now() / dayMs) * dayMs);
    const gone = { status: 'cancelled', closedAt: new Date(clock.now()) } as const;
    const first = await server.appointment(doctor, patient, 8 * 60, gone);
    // Asked for and called off again and again, until there are more than any answer has.
    await copies(first, MOST_IN_A_WEEK, 1 / 600);
    const booked = await server.appointment(doctor, patient, 6 * 24 * 60);
    const cookie = await server.signIn(doctor);
    const from = new Date(clock.now()).toISOString().slice(0, 10);
    const days = async (query: string) => {
      const answer = await server.call('GET', `/api/appointments/day?${query}`, { cookie });
      return bookingEndpoints.day.response.parse(await answer.json());
    };
    const week = await days(`from=${from}&days=7`);
    expect([week.isWhole, week.appointments.map(({ id }) => id)]).toEqual([false, [booked]]);
    const last = new Date(clock.now() + 6 * dayMs).toISOString().slice(0, 10);
    const day = await days(`from=${last}&days=1`);
    expect([day.isWhole, day.appointments.map(({ id }) => id)]).toEqual([true, [booked]]);
  });

  it('of a doctor has what waits for an answer, however far ahead it is', async () => {
    const next = await server.appointment(doctor, patient, 60);
    await copies(next, MANY, 1);
    const asked = await server.appointment(doctor, patient, 60 * (MANY + 10), {
      status: 'pending',
      awaiting: 'doctor',
    });
    const ids = (await listOf(doctor)).map(({ id }) => id);
    expect(ids[0]).toBe(next);
    expect(ids.at(-1)).toBe(asked);
  });
});
