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
  .extend(
    'dateOf',
    ({ desk }) =>
      (days: number): string =>
        desk.slot(days).date,
  )
  .extend(
    'ask',
    ({ server, dateOf }) =>
      (cookie: string, id: string, what: NextVisit = 'move', from = dateOf(2)): Promise<Response> => {
        const query = new URLSearchParams({ for: what, from, timeZone: 'Europe/Berlin' });
        return server.call('GET', `/api/appointments/${id}/patient-busy?${query.toString()}`, { cookie });
      },
  )
  .extend('busyOf', ({ ask }) => async (...question: Parameters<typeof ask>): Promise<TimeSpan[]> => {
    const response = await ask(...question);
    expect(response.status).toBe(200);
    return busySchema.parse(await response.json()).busy;
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
    desk,
    other,
    cookies,
    dateOf,
    busyOf,
    asked,
  }) => {
    const { id } = await asked();
    const [first, second, apart] = [desk.slot(4, 0), desk.slot(4, 1), desk.slot(4, 5)];
    await desk.booked(cookies.patient, other, first);
    await desk.booked(cookies.patient, await desk.doctor('Third'), second);
    await desk.booked(cookies.patient, other, apart);
    expect(await busyOf(cookies.doctor, id)).toEqual([
      spanOf({ startsAt: first.startsAt, endsAt: second.endsAt }),
      spanOf(apart),
    ]);
    expect(await busyOf(cookies.doctor, id, 'move', dateOf(20))).toEqual([]);
  });

  it('are told as far ahead as the doctor can be booked, and not a moment further', async ({
    desk,
    doctor,
    other,
    cookies,
    dateOf,
    busyOf,
    asked,
  }) => {
    const { id } = await asked();
    const slots = [19, 21, 23].map((days) => desk.slot(days));
    for (const slot of slots) await desk.booked(cookies.patient, other, slot);
    const [near] = slots;
    if (near === undefined) throw new Error('There is no slot');
    // The day that begins after this many days is the first that cannot be booked.
    await desk.schedule(doctor, everyDay(), { furthestDays: 21 });
    expect(await busyOf(cookies.doctor, id, 'move', dateOf(18))).toEqual([spanOf(near)]);
    expect(await busyOf(cookies.doctor, id, 'move', dateOf(21))).toEqual([]);
    expect(await busyOf(cookies.doctor, id, 'move', dateOf(400))).toEqual([]);
    await desk.schedule(doctor, everyDay(), { furthestDays: 90 });
    expect(await busyOf(cookies.doctor, id, 'move', dateOf(18))).toEqual(slots.map(spanOf));
  });

  it('are told to one account so many times a minute, and to others meanwhile', async ({
    server,
    desk,
    other,
    cookies,
    ask,
    asked,
  }) => {
    const { id } = await asked();
    const theirs = await desk.booked(cookies.patient, other, desk.slot(5));
    const answers: Response[] = [];
    while (answers.every(({ status }) => status === 200) && answers.length < 3 * PATIENT_BUSY_LIMIT.burst) {
      answers.push(...(await Promise.all(Array.from({ length: 30 }, () => ask(cookies.doctor, id)))));
    }
    const refused = answers.find(({ status }) => status !== 200);
    if (refused === undefined) throw new Error(`All ${answers.length} were answered`);
    await expectRefusal(refused, 429, 'rate_limited');
    expect((await ask(await server.signIn(other), theirs.id)).status).toBe(200);
  });

  it('leave out the one that is to be moved, what is over, and what is only kept', async ({
    server,
    desk,
    other,
    patient,
    cookies,
    busyOf,
    asked,
  }) => {
    const { id } = await asked();
    const kept = desk.slot(4);
    const body = { doctorId: other.id, startsAt: kept.startsAt.toISOString() };
    expect((await desk.post(cookies.patient, '/api/holds', body)).status).toBe(201);
    expect(await busyOf(cookies.doctor, id)).toEqual([]);
    await server.appointment(other, patient, -120);
    expect(await busyOf(cookies.doctor, id, 'move', new Date(server.clock.now()).toISOString().slice(0, 10))).toEqual(
      [],
    );
  });

  it('are told for a follow-up too, with the appointments at the same doctor', async ({
    cookies,
    busyOf,
    asked,
    past,
  }) => {
    const id = await past();
    const mine = await asked();
    expect(await busyOf(cookies.doctor, id, 'follow-up')).toEqual([{ startsAt: mine.startsAt, endsAt: mine.endsAt }]);
  });

  it('say what a hold would be refused for', async ({ desk, other, cookies, busyOf, past }) => {
    const id = await past();
    const slot = desk.slot(4);
    await desk.booked(cookies.patient, other, slot);
    expect(await busyOf(cookies.doctor, id, 'follow-up')).toEqual([spanOf(slot)]);
    const hold = { for: 'follow-up', startsAt: slot.startsAt.toISOString() };
    await expectRefusal(await desk.post(cookies.doctor, `/api/appointments/${id}/holds`, hold), 409, 'patient_busy');
  });

  it('are nobody else’s business, and no longer the doctor’s once no time can be chosen', async ({
    server,
    desk,
    other,
    cookies,
    ask,
    asked,
  }) => {
    const before = await asked();
    const colleague = await server.person('doctor', 'Colleague');
    await desk.post(cookies.doctor, `/api/appointments/${before.id}/colleagues`, { doctorId: colleague.id });
    await expectRefusal(await ask(await server.signIn(colleague), before.id), 403, 'forbidden');
    await expectRefusal(await ask(await server.signIn(other), before.id), 403, 'forbidden');
    await expectRefusal(await ask(cookies.patient, before.id), 403, 'forbidden');
    await expectRefusal(await ask(cookies.doctor, 'f'.repeat(24)), 404, 'not_found');
    await expectRefusal(await ask(cookies.doctor, before.id, 'follow-up'), 409, 'change_not_allowed');
    const { version } = await appointmentOf(
      await server.call('GET', `/api/appointments/${before.id}`, { cookie: cookies.doctor }),
    );
    const cancel = { version, reason: 'Ill' };
    expect((await desk.post(cookies.doctor, `/api/appointments/${before.id}/cancel`, cancel)).status).toBe(200);
    await expectRefusal(await ask(cookies.doctor, before.id), 409, 'change_not_allowed');
  });

  it('stand in the trail of the patient, once in a while and not with each reading', async ({
    server,
    doctor,
    patient,
    cookies,
    busyOf,
    asked,
  }) => {
    const { id } = await asked();
    const seen = async (): Promise<unknown[]> => {
      const response = await server.call('GET', '/api/records/access', { cookie: cookies.patient });
      const { entries } = z
        .object({ entries: z.array(z.object({ who: z.string(), resource: z.string(), appointmentId: z.unknown() })) })
        .parse(await response.json());
      return entries.filter(({ resource }) => resource === 'appointments');
    };
    await busyOf(cookies.doctor, id);
    await busyOf(cookies.doctor, id);
    const entry = { who: 'Doctor', resource: 'appointments', appointmentId: id };
    expect(await seen()).toEqual([entry]);
    server.clock.advance(VIEW_SPACING_MS);
    cookies.patient = await server.signIn(patient);
    await busyOf(await server.signIn(doctor), id);
    expect(await seen()).toEqual([entry, entry]);
  });
});
