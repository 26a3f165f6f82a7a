import { randomUUID } from 'node:crypto';
import { appointmentSchema, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { findBreaches } from './integrity.ts';
import { IntegrityRepository } from './integrity.repository.ts';

const PATIENTS = 6;
const SLOTS = 8;
const STEPS_EACH = 25;
const oneSchema = z.object({ appointment: appointmentSchema });
const listSchema = z.object({ appointments: z.array(appointmentSchema) });

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let doctorCookie: string;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  desk = BookingDesk.create(server);
  doctor = await desk.doctor('Stormy');
  doctorCookie = await server.signIn(doctor);
});
afterAll(() => server.close());

/** Numbers that are the same in every run: a storm that broke something can be had again. */
function dice(seed: number): (sides: number) => number {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor(state / 65_536) % sides;
  };
}

const statuses = new Map<number, number>();
async function send(cookie: string, path: string, body: unknown): Promise<Appointment | undefined> {
  const response = await desk.post(cookie, path, body);
  statuses.set(response.status, (statuses.get(response.status) ?? 0) + 1);
  return response.ok ? oneSchema.safeParse(await response.json()).data?.appointment : undefined;
}

async function listOf(cookie: string, as: 'doctor' | 'patient'): Promise<Appointment[]> {
  const response = await server.call('GET', `/api/appointments/${as}`, { cookie });
  return listSchema.parse(await response.json()).appointments;
}

/** A body for each change that the list says is allowed; others race for the same appointments meanwhile. */
async function change(cookie: string, as: 'doctor' | 'patient', roll: (sides: number) => number): Promise<void> {
  const open = (await listOf(cookie, as)).filter(({ changes }) => changes.length > 0);
  const appointment = open[roll(Math.max(1, open.length))];
  const name = appointment?.changes[roll(appointment.changes.length)];
  if (appointment === undefined || name === undefined || name === 'complete' || name === 'miss') return;
  const words = name === 'confirm' ? { comment: '' } : { reason: 'Storm' };
  await send(cookie, `/api/appointments/${appointment.id}/${name}`, { version: appointment.version, ...words });
}

async function propose(cookie: string, as: 'doctor' | 'patient', roll: (sides: number) => number): Promise<void> {
  const open = (await listOf(cookie, as)).filter(({ status }) => status === 'scheduled');
  const appointment = open[roll(Math.max(1, open.length))];
  if (appointment === undefined) return;
  const { date, startTime, endTime, startsAt } = desk.slot(3, roll(SLOTS));
  const time = { date, startTime, endTime, startsAt: startsAt.toISOString() };
  const facts = { comment: '', version: appointment.version, idempotencyKey: randomUUID() };
  await send(cookie, `/api/appointments/${appointment.id}/proposals`, { ...time, ...facts });
}

describe('a storm of bookings, changes and repetitions (B2)', () => {
  it('leaves no orphan and no double booking, and answers every request with sense', async () => {
    const cookies = await Promise.all(
      Array.from({ length: PATIENTS }, async () => server.signIn(await server.person('patient', 'Stormy'))),
    );
    const made = new Map<string, Set<string>>();
    const book = async (cookie: string, roll: (sides: number) => number): Promise<void> => {
      const body = desk.wanted(doctor, desk.slot(3, roll(SLOTS)));
      // The answer is lost now and then, and the page asks again under the same key, even while the first one runs.
      const answers = await Promise.all(
        Array.from({ length: 1 + roll(3) }, () => send(cookie, '/api/appointments', body)),
      );
      const ids = made.get(body.idempotencyKey) ?? new Set();
      for (const answer of answers) if (answer !== undefined) ids.add(answer.id);
      made.set(body.idempotencyKey, ids);
    };
    const hold = async (cookie: string, roll: (sides: number) => number): Promise<void> => {
      const startsAt = desk.slot(3, roll(SLOTS)).startsAt.toISOString();
      await send(cookie, '/api/holds', { doctorId: doctor.id, startsAt });
    };
    const patientsStorm = cookies.map(async (cookie, index) => {
      const roll = dice(index + 1);
      for (let step = 0; step < STEPS_EACH; step += 1) {
        const kind = roll(6);
        if (kind < 2) await book(cookie, roll);
        else if (kind === 2) await hold(cookie, roll);
        else if (kind === 3) await propose(cookie, 'patient', roll);
        else await change(cookie, 'patient', roll);
      }
    });
    const doctorsStorm = [101, 102].map(async (seed) => {
      const roll = dice(seed);
      for (let step = 0; step < STEPS_EACH * 2; step += 1) {
        if (roll(4) === 0) await propose(doctorCookie, 'doctor', roll);
        else await change(doctorCookie, 'doctor', roll);
      }
    });
    await Promise.all([...patientsStorm, ...doctorsStorm]);
    expect([...statuses.keys()].filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
    expect(statuses.get(201)).toBeGreaterThan(5);
    expect([...made.values()].filter((ids) => ids.size > 1)).toEqual([]);
    expect(await findBreaches(IntegrityRepository.create(server.database.connection))).toEqual([]);
  }, 120_000);
});
