import { bookingEndpoints, type Appointment, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { VIEW_SPACING_MS } from '../audit/view-spacing.ts';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { PATIENT_BUSY_LIMIT } from './patient-busy.service.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let other: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  other = await desk.doctor('Other doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const dateOf = (days: number): string => desk.slot(days).date;
const ask = (cookie: string, id: string, what: NextVisit = 'move', from = dateOf(2)): Promise<Response> => {
  const query = new URLSearchParams({ for: what, from, timeZone: 'Europe/Berlin' });
  return server.call('GET', `/api/appointments/${id}/patient-busy?${query.toString()}`, { cookie });
};
async function busyOf(...question: Parameters<typeof ask>): Promise<TimeSpan[]> {
  const response = await ask(...question);
  expect(response.status).toBe(200);
  return z
    .strictObject({ busy: z.array(z.strictObject(bookingEndpoints.patientBusy.response.shape.busy.element.shape)) })
    .parse(await response.json()).busy;
}
const asked = async (): Promise<Appointment> => desk.booked(patientCookie, doctor, desk.slot(3));
const past = (): Promise<string> =>
  server.appointment(doctor, patient, -60, {
    status: 'completed',
    outcome: 'met',
    closedAt: new Date(server.clock.now()),
  });
const spanOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }): TimeSpan => ({
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
});

describe("a patient's other appointments, for the doctor who chooses a time", () => {
  it('are told as times and nothing else, joined where they follow one another', async () => {
    const { id } = await asked();
    const [first, second, apart] = [desk.slot(4, 0), desk.slot(4, 1), desk.slot(4, 5)];
    await desk.booked(patientCookie, other, first);
    await desk.booked(patientCookie, await desk.doctor('Third'), second);
    await desk.booked(patientCookie, other, apart);
    expect(await busyOf(doctorCookie, id)).toEqual([
      spanOf({ startsAt: first.startsAt, endsAt: second.endsAt }),
      spanOf(apart),
    ]);
    expect(await busyOf(doctorCookie, id, 'move', dateOf(20))).toEqual([]);
  });

  it('are told as far ahead as the doctor can be booked, and not a moment further', async () => {
    const { id } = await asked();
    const slots = [19, 21, 23].map((days) => desk.slot(days));
    for (const slot of slots) await desk.booked(patientCookie, other, slot);
    const [near] = slots;
    if (near === undefined) throw new Error('There is no slot');
    // The day that begins after this many days is the first that cannot be booked.
    await desk.schedule(doctor, everyDay(), { furthestDays: 21 });
    expect(await busyOf(doctorCookie, id, 'move', dateOf(18))).toEqual([spanOf(near)]);
    expect(await busyOf(doctorCookie, id, 'move', dateOf(21))).toEqual([]);
    expect(await busyOf(doctorCookie, id, 'move', dateOf(400))).toEqual([]);
    await desk.schedule(doctor, everyDay(), { furthestDays: 90 });
    expect(await busyOf(doctorCookie, id, 'move', dateOf(18))).toEqual(slots.map(spanOf));
  });

  it('are told to one account so many times a minute, and to others meanwhile', async () => {
    const { id } = await asked();
    const theirs = await desk.booked(patientCookie, other, desk.slot(5));
    const answers: Response[] = [];
    while (answers.every(({ status }) => status === 200) && answers.length < 3 * PATIENT_BUSY_LIMIT.burst) {
      answers.push(...(await Promise.all(Array.from({ length: 30 }, () => ask(doctorCookie, id)))));
    }
    const refused = answers.find(({ status }) => status !== 200);
    if (refused === undefined) throw new Error(`All ${answers.length} were answered`);
    await expectRefusal(refused, 429, 'rate_limited');
    expect((await ask(await server.signIn(other), theirs.id)).status).toBe(200);
  });

  it('leave out the one that is to be moved, what is over, and what is only kept', async () => {
    const { id } = await asked();
    const kept = desk.slot(4);
    const body = { doctorId: other.id, startsAt: kept.startsAt.toISOString() };
    expect((await desk.post(patientCookie, '/api/holds', body)).status).toBe(201);
    expect(await busyOf(doctorCookie, id)).toEqual([]);
    await server.appointment(other, patient, -120);
    expect(await busyOf(doctorCookie, id, 'move', new Date(server.clock.now()).toISOString().slice(0, 10))).toEqual([]);
  });

  it('are told for a follow-up too, with the appointments at the same doctor', async () => {
    const id = await past();
    const mine = await asked();
    expect(await busyOf(doctorCookie, id, 'follow-up')).toEqual([{ startsAt: mine.startsAt, endsAt: mine.endsAt }]);
  });

  it('say what a hold would be refused for', async () => {
    const id = await past();
    const slot = desk.slot(4);
    await desk.booked(patientCookie, other, slot);
    expect(await busyOf(doctorCookie, id, 'follow-up')).toEqual([spanOf(slot)]);
    const hold = { for: 'follow-up', startsAt: slot.startsAt.toISOString() };
    await expectRefusal(await desk.post(doctorCookie, `/api/appointments/${id}/holds`, hold), 409, 'patient_busy');
  });

  it('are nobody else’s business, and no longer the doctor’s once no time can be chosen', async () => {
    const before = await asked();
    const colleague = await server.person('doctor', 'Colleague');
    await desk.post(doctorCookie, `/api/appointments/${before.id}/colleagues`, { doctorId: colleague.id });
    await expectRefusal(await ask(await server.signIn(colleague), before.id), 403, 'forbidden');
    await expectRefusal(await ask(await server.signIn(other), before.id), 403, 'forbidden');
    await expectRefusal(await ask(patientCookie, before.id), 403, 'forbidden');
    await expectRefusal(await ask(doctorCookie, 'f'.repeat(24)), 404, 'not_found');
    await expectRefusal(await ask(doctorCookie, before.id, 'follow-up'), 409, 'change_not_allowed');
    const { version } = await appointmentOf(
      await server.call('GET', `/api/appointments/${before.id}`, { cookie: doctorCookie }),
    );
    const cancel = { version, reason: 'Ill' };
    expect((await desk.post(doctorCookie, `/api/appointments/${before.id}/cancel`, cancel)).status).toBe(200);
    await expectRefusal(await ask(doctorCookie, before.id), 409, 'change_not_allowed');
  });

  it('stand in the trail of the patient, once in a while and not with each reading', async () => {
    const { id } = await asked();
    const seen = async (): Promise<unknown[]> => {
      const response = await server.call('GET', '/api/records/access', { cookie: patientCookie });
      const { entries } = z
        .object({ entries: z.array(z.object({ who: z.string(), resource: z.string(), appointmentId: z.unknown() })) })
        .parse(await response.json());
      return entries.filter(({ resource }) => resource === 'appointments');
    };
    await busyOf(doctorCookie, id);
    await busyOf(doctorCookie, id);
    const entry = { who: 'Doctor', resource: 'appointments', appointmentId: id };
    expect(await seen()).toEqual([entry]);
    server.clock.advance(VIEW_SPACING_MS);
    patientCookie = await server.signIn(patient);
    await busyOf(await server.signIn(doctor), id);
    expect(await seen()).toEqual([entry, entry]);
  });
});
