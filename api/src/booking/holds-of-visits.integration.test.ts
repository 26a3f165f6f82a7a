import { randomUUID } from 'node:crypto';
import {
  doctorEndpoints,
  errorBodySchema,
  fillPath,
  HOLD_MINUTES,
  holdSchema,
  type Appointment,
  type Hold,
  type SlotState,
} from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { ScheduledSlot } from '../availability/slots.ts';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const MINUTE_MS = 60_000;

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
/** Cookies. */
let byDoctor: string;
let byPatient: string;
let visit: Appointment;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  byDoctor = await server.signIn(doctor);
  byPatient = await server.signIn(patient);
  visit = await desk.booked(byPatient, doctor, desk.slot(3));
});

const take = (cookie: string, id: string, slot: ScheduledSlot, next: 'move' | 'follow-up' = 'move') =>
  desk.post(cookie, `/api/appointments/${id}/holds`, { for: next, startsAt: slot.startsAt.toISOString() });
async function taken(response: Promise<Response>): Promise<Hold> {
  const answer = await response;
  expect(answer.ok ? '' : await answer.text()).toBe('');
  return z.object({ hold: holdSchema }).parse(await answer.json()).hold;
}
const kept = async (cookie: string) => {
  const answer = await server.call('GET', '/api/holds', { cookie });
  return z.object({ hold: holdSchema.nullable() }).parse(await answer.json()).hold;
};
const release = (cookie: string, { id }: Hold) => server.call('DELETE', `/api/holds/${id}`, { cookie });
const timeOf = ({ date, startTime, endTime, startsAt }: ScheduledSlot) => ({
  ...{ date, startTime, endTime, startsAt: startsAt.toISOString() },
  idempotencyKey: randomUUID(),
});
const propose = (cookie: string, { id, version }: Appointment, slot: ScheduledSlot) =>
  desk.post(cookie, `/api/appointments/${id}/proposals`, { ...timeOf(slot), comment: '', version });
const followUp = (cookie: string, id: string, slot: ScheduledSlot) =>
  desk.post(cookie, `/api/appointments/${id}/follow-up`, { ...timeOf(slot), mode: 'video', reason: '' });
/** A visit that has taken place. */
const over = (who: Person = patient) => {
  const closedAt = new Date(server.clock.now());
  return server.appointment(doctor, who, -60, { status: 'completed', outcome: 'met', closedAt });
};
/** What a slot of the doctor is for somebody who looks. */
async function stateFor(cookie: string | undefined, slot: ScheduledSlot): Promise<SlotState | undefined> {
  const path = fillPath(doctorEndpoints.slots.path, { doctorId: doctor.id });
  const query = `from=${slot.startsAt.toISOString().slice(0, 10)}&days=1&timeZone=UTC`;
  const answer = await server.call('GET', `${path}?${query}`, { cookie });
  const { days } = doctorEndpoints.slots.response.parse(await answer.json());
  return days.flatMap(({ slots }) => slots).find(({ startsAt }) => startsAt === slot.startsAt.toISOString())?.state;
}
const failureOf = async (response: Promise<Response>) => errorBodySchema.parse(await (await response).json()).error;
const claimsOf = (ownerId: string) =>
  server.database.connection.collection('time_claims').countDocuments({ ownerId: toStoredId(ownerId) });

describe.each(['doctor', 'patient'] as const)('another time that the %s chooses', (side) => {
  const mine = () => (side === 'doctor' ? byDoctor : byPatient);
  const theirs = () => (side === 'doctor' ? byPatient : byDoctor);

  it('is kept for them alone, seen as taken by everybody else, and becomes the proposal', async () => {
    const slot = desk.slot(4);
    const hold = await taken(take(mine(), visit.id, slot));
    expect(hold).toMatchObject({ doctorId: doctor.id, startsAt: slot.startsAt.toISOString(), extensionsLeft: 10 });
    expect(Date.parse(hold.expiresAt)).toBe(server.clock.now() + HOLD_MINUTES * MINUTE_MS);
    expect(await kept(mine())).toEqual(hold);
    expect(await kept(theirs())).toBeNull();
    const seen = [mine(), theirs(), undefined].map((cookie) => stateFor(cookie, slot));
    expect(await Promise.all(seen)).toEqual(['held', 'taken', 'taken']);
    expect((await propose(mine(), visit, slot)).status).toBe(201);
    expect(await kept(mine())).toBeNull();
    expect(await stateFor(mine(), slot)).toBe('taken');
  });

  it('is refused to the other side and to strangers, with the nearest free times', async () => {
    const slot = desk.slot(4, 20);
    await taken(take(mine(), visit.id, slot));
    const stranger = await server.signIn(await server.person('patient', 'Stranger'));
    for (const attempt of [
      take(theirs(), visit.id, slot),
      propose(theirs(), visit, slot),
      desk.book(stranger, doctor, slot),
    ]) {
      const { code, offers } = await failureOf(attempt);
      expect(code).toBe('slot_unavailable');
      expect(offers?.map((offer) => offer.slot.startsAt)).toEqual(
        [18, 19, 21].map((index) => desk.slot(4, index).startsAt.toISOString()),
      );
    }
  });

  it('takes up the time of the patient, too, but not against who has chosen it', async () => {
    const other = await desk.doctor('Other');
    const slot = desk.slot(4);
    await taken(take(mine(), visit.id, slot));
    const elsewhere = await desk.book(byPatient, other, slot);
    if (side === 'doctor') {
      // Nobody is told that they have an appointment where there is none.
      await expectRefusal(elsewhere, 409, 'slot_unavailable');
      return;
    }
    expect(elsewhere.status).toBe(201);
    expect(await kept(byPatient)).toBeNull();
    expect(await stateFor(undefined, slot)).toBe('free');
  });

  it('is free at once when they leave, when they choose another one, and when its time is over', async () => {
    const [slot, next] = [desk.slot(4), desk.slot(5)];
    await release(mine(), await taken(take(mine(), visit.id, slot)));
    expect(await stateFor(undefined, slot)).toBe('free');
    await taken(take(mine(), visit.id, slot));
    const second = await taken(take(mine(), visit.id, next));
    expect([await stateFor(undefined, slot), await stateFor(undefined, next)]).toEqual(['free', 'taken']);
    // Nobody else can give it back, or keep it longer.
    await release(theirs(), second);
    await expectRefusal(await desk.post(theirs(), `/api/holds/${second.id}/extend`, {}), 409, 'hold_ended');
    const longer = await taken(desk.post(mine(), `/api/holds/${second.id}/extend`, {}));
    expect(Date.parse(longer.expiresAt) - Date.parse(second.expiresAt)).toBe(2 * MINUTE_MS);
    server.clock.advance((HOLD_MINUTES + 2) * MINUTE_MS);
    const [again, rival] = [await server.signIn(side === 'doctor' ? doctor : patient), await signedInRival()];
    expect(await kept(again)).toBeNull();
    expect(await stateFor(rival, next)).toBe('free');
    expect((await desk.book(rival, doctor, next)).status).toBe(201);
    await server.application.runJob('give back holds');
    expect(await claimsOf(second.id)).toBe(0);
    server.clock.advance(-(HOLD_MINUTES + 2) * MINUTE_MS);
  });

  it('ends with the appointment that it was chosen for', async () => {
    const slot = desk.slot(4);
    const hold = await taken(take(mine(), visit.id, slot));
    const body = { version: visit.version, reason: 'Ill' };
    expect((await desk.post(theirs(), `/api/appointments/${visit.id}/cancel`, body)).status).toBe(200);
    expect([await kept(mine()), await stateFor(undefined, slot)]).toEqual([null, 'free']);
    await expectRefusal(await desk.post(mine(), `/api/holds/${hold.id}/extend`, {}), 409, 'hold_ended');
    await expectRefusal(await take(mine(), visit.id, slot), 409, 'change_not_allowed');
  });

  it('is not kept longer once the appointment is over, or another time is offered for it: it is free at once', async () => {
    const slot = desk.slot(5);
    const stop = server.clock.now();
    server.clock.set(Date.parse(visit.endsAt) - MINUTE_MS);
    const [again, rival] = [await server.signIn(side === 'doctor' ? doctor : patient), await signedInRival()];
    const hold = await taken(take(again, visit.id, slot));
    server.clock.advance(2 * MINUTE_MS);
    await expectRefusal(await desk.post(again, `/api/holds/${hold.id}/extend`, {}), 409, 'hold_ended');
    expect([await kept(again), await claimsOf(hold.id), await stateFor(rival, slot)]).toEqual([null, 0, 'free']);
    server.clock.set(stop);

    const second = await taken(take(mine(), visit.id, slot));
    await propose(theirs(), visit, desk.slot(6));
    await expectRefusal(await desk.post(mine(), `/api/holds/${second.id}/extend`, {}), 409, 'hold_ended');
    expect([await kept(mine()), await claimsOf(second.id)]).toEqual([null, 0]);
  });

  it('is not kept for an appointment that is called off at the same moment', async () => {
    for (let round = 0; round < 8; round += 1) {
      const next = await desk.booked(byPatient, doctor, desk.slot(3, 10 + round));
      const slot = desk.slot(4, 10 + round);
      const body = { version: next.version, reason: 'Ill' };
      const cancel = desk.post(theirs(), `/api/appointments/${next.id}/cancel`, body);
      const [choice, end] = await Promise.all([take(mine(), next.id, slot), cancel]);
      expect([end.status, choice.status]).toEqual([200, expect.toBeOneOf([201, 409])]);
      expect([round, await kept(mine()), await stateFor(undefined, slot)]).toEqual([round, null, 'free']);
    }
  });

  it('ends where the appointment moves to the time that the other side has offered', async () => {
    const slot = desk.slot(4);
    await taken(take(mine(), visit.id, slot));
    const offered = await appointmentOf(await propose(theirs(), visit, desk.slot(5)));
    await expectRefusal(await take(mine(), visit.id, desk.slot(6)), 409, 'change_not_allowed');
    const { id, version } = offered;
    await appointmentOf(await desk.post(mine(), `/api/appointments/${id}/confirm`, { version, comment: '' }));
    expect([await kept(mine()), await stateFor(undefined, slot)]).toEqual([null, 'free']);
  });

  it('may overlap the time that it would replace', async () => {
    // The hours are changed: slots of half an hour lie across the time of the visit.
    await desk.schedule(doctor, everyDay({ slotMinutes: 30 }));
    const [startsAt, endsAt] = [new Date(visit.startsAt), new Date(visit.endsAt)];
    const slots = Array.from({ length: 90 }, (_item, index) => desk.slot(2, index, 30));
    const across = slots.find((slot) => slot.startsAt < endsAt && startsAt < slot.endsAt);
    if (across === undefined) throw new Error('There is no such slot');
    const hold = await taken(take(mine(), visit.id, across));
    await taken(desk.post(mine(), `/api/holds/${hold.id}/extend`, {}));
    expect((await propose(mine(), visit, across)).status).toBe(201);
    expect(await kept(mine())).toBeNull();
  });
});

describe('a follow-up that a doctor chooses', () => {
  it('is kept for the doctor, and booked', async () => {
    const [id, slot] = [await over(), desk.slot(4)];
    await taken(take(byDoctor, id, slot, 'follow-up'));
    expect([await stateFor(byDoctor, slot), await stateFor(byPatient, slot)]).toEqual(['held', 'taken']);
    await expectRefusal(await desk.book(byPatient, doctor, slot), 409, 'slot_unavailable');
    expect((await followUp(byDoctor, id, slot)).status).toBe(201);
    expect(await kept(byDoctor)).toBeNull();
  });

  it('may start sooner than patients can book, but is a time at which the patient is free', async () => {
    const id = await over();
    const soon = Array.from({ length: 6 }, (_item, index) => desk.slot(0, index));
    const within = soon.find(({ startsAt }) => startsAt.getTime() > server.clock.now());
    if (within === undefined) throw new Error('There is no such slot');
    await taken(take(byDoctor, id, within, 'follow-up'));
    const own = desk.slot(4);
    await desk.booked(byPatient, await desk.doctor('Other'), own);
    const { code, message } = await failureOf(take(byDoctor, id, own, 'follow-up'));
    expect([code, message]).toEqual(['patient_busy', expect.stringMatching(/^The patient has another appointment/)]);
  });

  it('needs a visit that has taken place, and its own doctor', async () => {
    const id = await over();
    const slot = desk.slot(4);
    await expectRefusal(await take(byDoctor, visit.id, slot, 'follow-up'), 409, 'change_not_allowed');
    await expectRefusal(await take(byPatient, id, slot, 'follow-up'), 403, 'forbidden');
    await expectRefusal(await take(byDoctor, id, slot, 'move'), 409, 'change_not_allowed');
  });
});

it('keeps nothing for those whose appointment it is not', async () => {
  const slot = desk.slot(4);
  const people = [await server.person('doctor', 'Strange'), await server.person('patient', 'Strange')];
  for (const person of people) {
    const cookie = await server.signIn(person);
    await expectRefusal(await take(cookie, visit.id, slot), 403, 'forbidden');
    expect(await kept(cookie)).toBeNull();
  }
  const [stranger] = people;
  if (stranger === undefined) throw new Error('There is nobody');
  await expectRefusal(await take(await server.signIn(stranger), await over(), slot, 'follow-up'), 403, 'forbidden');
  await expectRefusal(await take(byDoctor, 'f'.repeat(24), slot), 404, 'not_found');
  await desk.post(byDoctor, `/api/appointments/${visit.id}/colleagues`, { doctorId: stranger.id });
  await expectRefusal(await take(await server.signIn(stranger), visit.id, slot), 403, 'forbidden');
  expect(await stateFor(undefined, slot)).toBe('free');
});

it('gives a time to one of many who choose it at once, from all sides', async () => {
  const other = await server.signIn(await server.person('patient', 'Other'));
  const visitOfOther = await desk.booked(other, doctor, desk.slot(3, 9));
  const rival = await signedInRival();
  for (let round = 0; round < 5; round += 1) {
    const slot = desk.slot(4, round);
    const startsAt = slot.startsAt.toISOString();
    const answers = await Promise.all([
      take(byDoctor, visit.id, slot),
      take(byPatient, visit.id, slot),
      take(other, visitOfOther.id, slot),
      desk.post(rival, '/api/holds', { doctorId: doctor.id, startsAt }),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
    const holds = await Promise.all([byDoctor, byPatient, other, rival].map(kept));
    expect(holds.filter((hold) => hold?.startsAt === startsAt)).toHaveLength(1);
  }
});

async function signedInRival(): Promise<string> {
  return server.signIn(await server.person('patient', 'Rival'));
}
