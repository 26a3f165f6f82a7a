import { bookingEndpoints, type Appointment, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { VIEW_SPACING_MS } from '../audit/view-spacing.ts';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, everyDay } from '../testing/booking-desk.ts';
import { it as visitTest } from '../testing/visit-test.ts';
import { PATIENT_BUSY_LIMIT } from './patient-busy.service.ts';

const busySchema = z.strictObject({
  busy: z.array(z.strictObject(bookingEndpoints.patientBusy.response.shape.busy.element.shape)),
});
const spanOf = ({ startsAt, endsAt }: { startsAt: Date; endsAt: Date }): TimeSpan => ({
  startsAt: startsAt.toISOString(),
  endsAt: endsAt.toISOString(),
});

const it = visitTest
  .extend('other', ({ desk }) => desk.doctor('Other doctor'))
  .extend('busy', ({ server, desk }) => {
    const ask = (cookie: string, id: string, what: NextVisit = 'move', from = desk.slot(2).date): Promise<Response> => {
      const query = new URLSearchParams({ for: what, from, timeZone: 'Europe/Berlin' });
      return server.call('GET', `/api/appointments/${id}/patient-busy?${query.toString()}`, { cookie });
    };
    const of = async (...question: Parameters<typeof ask>): Promise<TimeSpan[]> => {
      const response = await ask(...question);
      expect(response.status).toBe(200);
      return busySchema.parse(await response.json()).busy;
    };
    return { ask, of };
  })
  .extend('asked', ({ desk, doctor, cookies }) => (): Promise<Appointment> => {
    return desk.booked(cookies.patient, doctor, desk.slot(3));
  })
  .extend('past', ({ server, doctor, patient }) => (): Promise<string> => {
    const closedAt = new Date(server.clock.now());
    return server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt });
  });

describe("a patient's other appointments, for the doctor who chooses a time", () => {
  it('are told as times and nothing else, joined where they follow one another', async ({
    all,
    other,
    busy,
    asked,
  }) => {
    const { desk, cookies } = all;
    const { id } = await asked();
    const [first, second, apart] = [desk.slot(4, 0), desk.slot(4, 1), desk.slot(4, 5)];
    await desk.booked(cookies.patient, other, first);
    await desk.booked(cookies.patient, await desk.doctor('Third'), second);
    await desk.booked(cookies.patient, other, apart);
    expect(await busy.of(cookies.doctor, id)).toEqual([
      spanOf({ startsAt: first.startsAt, endsAt: second.endsAt }),
      spanOf(apart),
    ]);
    expect(await busy.of(cookies.doctor, id, 'move', desk.slot(20).date)).toEqual([]);
  });

  it('are told as far ahead as the doctor can be booked, and not a moment further', async ({
    all,
    other,
    busy,
    asked,
  }) => {
    const { desk, doctor, cookies } = all;
    const { id } = await asked();
    const slots = [19, 21, 23].map((days) => desk.slot(days));
    for (const slot of slots) await desk.booked(cookies.patient, other, slot);
    const [near] = slots;
    if (near === undefined) throw new Error('There is no slot');
    // The day that begins after this many days is the first that cannot be booked.
    await desk.schedule(doctor, everyDay(), { furthestDays: 21 });
    expect(await busy.of(cookies.doctor, id, 'move', desk.slot(18).date)).toEqual([spanOf(near)]);
    expect(await busy.of(cookies.doctor, id, 'move', desk.slot(21).date)).toEqual([]);
    expect(await busy.of(cookies.doctor, id, 'move', desk.slot(400).date)).toEqual([]);
    await desk.schedule(doctor, everyDay(), { furthestDays: 90 });
    expect(await busy.of(cookies.doctor, id, 'move', desk.slot(18).date)).toEqual(slots.map(spanOf));
  });

  it('are told to one account so many times a minute, and to others meanwhile', async ({ all, other, busy, asked }) => {
    const { server, desk, cookies } = all;
    const { id } = await asked();
    const theirs = await desk.booked(cookies.patient, other, desk.slot(5));
    const answers: Response[] = [];
    while (answers.every(({ status }) => status === 200) && answers.length < 3 * PATIENT_BUSY_LIMIT.burst) {
      answers.push(...(await Promise.all(Array.from({ length: 30 }, () => busy.ask(cookies.doctor, id)))));
    }
    const refused = answers.find(({ status }) => status !== 200);
    if (refused === undefined) throw new Error(`All ${answers.length} were answered`);
    await expectRefusal(refused, 429, 'rate_limited');
    expect((await busy.ask(await server.signIn(other), theirs.id)).status).toBe(200);
  });

  it('leave out the one that is to be moved, what is over, and what is only kept', async ({
    all,
    other,
    busy,
    asked,
  }) => {
    const { server, desk, patient, cookies } = all;
    const { id } = await asked();
    const kept = desk.slot(4);
    const body = { doctorId: other.id, startsAt: kept.startsAt.toISOString() };
    expect((await desk.post(cookies.patient, '/api/holds', body)).status).toBe(201);
    expect(await busy.of(cookies.doctor, id)).toEqual([]);
    await server.appointment(other, patient, -120);
    expect(await busy.of(cookies.doctor, id, 'move', new Date(server.clock.now()).toISOString().slice(0, 10))).toEqual(
      [],
    );
  });

  it('are told for a follow-up too, with the appointments at the same doctor', async ({
    cookies,
    busy,
    asked,
    past,
  }) => {
    const id = await past();
    const mine = await asked();
    expect(await busy.of(cookies.doctor, id, 'follow-up')).toEqual([{ startsAt: mine.startsAt, endsAt: mine.endsAt }]);
  });

  it('say what a hold would be refused for', async ({ desk, other, cookies, busy, past }) => {
    const id = await past();
    const slot = desk.slot(4);
    await desk.booked(cookies.patient, other, slot);
    expect(await busy.of(cookies.doctor, id, 'follow-up')).toEqual([spanOf(slot)]);
    const hold = { for: 'follow-up', startsAt: slot.startsAt.toISOString() };
    await expectRefusal(await desk.post(cookies.doctor, `/api/appointments/${id}/holds`, hold), 409, 'patient_busy');
  });

  it('are nobody else’s business, and no longer the doctor’s once no time can be chosen', async ({
    all,
    other,
    busy,
    asked,
  }) => {
    const { server, desk, cookies } = all;
    const before = await asked();
    const colleague = await server.person('doctor', 'Colleague');
    await desk.post(cookies.doctor, `/api/appointments/${before.id}/colleagues`, { doctorId: colleague.id });
    await expectRefusal(await busy.ask(await server.signIn(colleague), before.id), 403, 'forbidden');
    await expectRefusal(await busy.ask(await server.signIn(other), before.id), 403, 'forbidden');
    await expectRefusal(await busy.ask(cookies.patient, before.id), 403, 'forbidden');
    await expectRefusal(await busy.ask(cookies.doctor, 'f'.repeat(24)), 404, 'not_found');
    await expectRefusal(await busy.ask(cookies.doctor, before.id, 'follow-up'), 409, 'change_not_allowed');
    const { version } = await appointmentOf(
      await server.call('GET', `/api/appointments/${before.id}`, { cookie: cookies.doctor }),
    );
    const cancel = { version, reason: 'Ill' };
    expect((await desk.post(cookies.doctor, `/api/appointments/${before.id}/cancel`, cancel)).status).toBe(200);
    await expectRefusal(await busy.ask(cookies.doctor, before.id), 409, 'change_not_allowed');
  });

  it('stand in the trail of the patient, once in a while and not with each reading', async ({ all, busy, asked }) => {
    const { server, doctor, patient, cookies } = all;
    const { id } = await asked();
    const seen = async (): Promise<unknown[]> => {
      const response = await server.call('GET', '/api/records/access', { cookie: cookies.patient });
      const { entries } = z
        .object({ entries: z.array(z.object({ who: z.string(), resource: z.string(), appointmentId: z.unknown() })) })
        .parse(await response.json());
      return entries.filter(({ resource }) => resource === 'appointments');
    };
    await busy.of(cookies.doctor, id);
    await busy.of(cookies.doctor, id);
    const entry = { who: 'Doctor', resource: 'appointments', appointmentId: id };
    expect(await seen()).toEqual([entry]);
    server.clock.advance(VIEW_SPACING_MS);
    cookies.patient = await server.signIn(patient);
    await busy.of(await server.signIn(doctor), id);
    expect(await seen()).toEqual([entry, entry]);
  });
});
