import { randomUUID } from 'node:crypto';
import { errorBodySchema, holdSchema } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let doctorCookie: string;
let patient: Person;
let cookie: string;
let otherCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  doctorCookie = await server.signIn(doctor);
  patient = await server.person('patient', 'Patient');
  cookie = await server.signIn(patient);
  otherCookie = await server.signIn(await server.person('patient', 'Other'));
});

const failureOf = async (response: Response) => errorBodySchema.parse(await response.json()).error;
const holdOf = async (response: Response) => z.object({ hold: holdSchema }).parse(await response.json()).hold;
const statusesOf = (answers: readonly Response[]) => answers.map(({ status }) => status).sort();
const hold = (by: string, who: Person, startsAt: Date) =>
  desk.post(by, '/api/holds', { doctorId: who.id, startsAt: startsAt.toISOString() });

describe('booking (R42)', () => {
  it('asks the doctor, who is told', async () => {
    const slot = desk.slot(3);
    const response = await desk.book(cookie, doctor, slot);
    expect(response.status).toBe(201);
    expect(await appointmentOf(response)).toMatchObject({
      status: 'pending',
      awaiting: 'doctor',
      startsAt: slot.startsAt.toISOString(),
      date: slot.date,
      startTime: slot.startTime,
      myParty: 'patient',
      changes: ['cancel'],
    });
    const news = await server.call('GET', '/api/notifications', { cookie: doctorCookie });
    expect(await news.json()).toMatchObject({ unread: 1, notifications: [{ kind: 'requested' }] });
  });

  it('is agreed to at once where the doctor wishes so', async () => {
    const quick = await desk.doctor('Quick', { confirmation: 'automatic' });
    expect(await desk.booked(cookie, quick, desk.slot(3))).toMatchObject({ status: 'scheduled', awaiting: null });
  });

  it('is for patients only', async () => {
    await expectRefusal(await desk.book(doctorCookie, doctor, desk.slot(3)), 403, 'forbidden');
  });

  it('is refused outside of the template, too soon, too far, in the past and in a mode that is not offered', async () => {
    const slot = desk.slot(3);
    const wanted = desk.wanted(doctor, slot);
    const odd = { ...wanted, startTime: slot.endTime, endTime: slot.startTime, startsAt: undefined };
    await expectRefusal(await desk.post(cookie, '/api/appointments', odd), 409, 'slot_unknown');
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(0)), 409, 'slot_too_soon');
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(-1)), 409, 'slot_too_soon');
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(91)), 409, 'slot_too_far');
    const [first, ...rest] = everyDay();
    if (first === undefined) throw new Error('There are no days');
    await desk.schedule(doctor, [
      { ...first, modes: ['chat'] },
      ...rest.map((day) => ({ ...day, modes: ['chat' as const] })),
    ]);
    await expectRefusal(await desk.book(cookie, doctor, slot), 409, 'mode_unavailable');
  });

  it('of a doctor who is not approved, or gone, is refused as if there were none', async () => {
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: doctor.email }, { $set: { status: 'pending', approvedAt: null } });
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(3)), 404, 'not_found');
  });

  it('of a slot that is taken is refused with the nearest free ones', async () => {
    const slot = desk.slot(3, 5);
    await desk.booked(cookie, doctor, slot);
    const response = await desk.book(otherCookie, doctor, slot);
    expect(response.status).toBe(409);
    const { code, offers } = await failureOf(response);
    expect(code).toBe('slot_unavailable');
    expect(offers?.map((offer) => offer.slot.startsAt)).toEqual(
      [desk.slot(3, 3), desk.slot(3, 4), desk.slot(3, 6)].map(({ startsAt }) => startsAt.toISOString()),
    );
  });

  it('never overlaps for a patient either, whatever the lengths of the slots', async () => {
    const long = await desk.doctor('Long', { slotMinutes: 60 });
    await desk.booked(cookie, doctor, desk.slot(3, 4));
    const overlapping = [0, 1, 2, 3].map((index) => desk.slot(3, index, 60));
    const taken = desk.slot(3, 4);
    const [clash] = overlapping.filter(({ startsAt, endsAt }) => startsAt < taken.endsAt && taken.startsAt < endsAt);
    if (clash === undefined) throw new Error('Nothing overlaps');
    const refused = await desk.book(cookie, long, clash);
    expect((await failureOf(refused)).code).toBe('patient_busy');
    expect((await desk.book(otherCookie, long, clash)).status).toBe(201);
  });

  it('under the same key is made once, also at the same time, and refused with other details', async () => {
    const slot = desk.slot(4);
    const body = desk.wanted(doctor, slot, { idempotencyKey: randomUUID() });
    const answers = await Promise.all(Array.from({ length: 10 }, () => desk.post(cookie, '/api/appointments', body)));
    expect(statusesOf(answers)).toEqual(Array.from({ length: 10 }, () => 201));
    const ids = new Set(await Promise.all(answers.map(async (answer) => (await appointmentOf(answer)).id)));
    expect(ids.size).toBe(1);
    expect((await appointmentOf(await desk.post(cookie, '/api/appointments', body))).id).toBe([...ids][0]);
    const other = await desk.post(cookie, '/api/appointments', { ...body, reason: 'Something else' });
    await expectRefusal(other, 409, 'idempotency_mismatch');
    // Somebody else's key of the same name is another key.
    await expectRefusal(await desk.post(otherCookie, '/api/appointments', body), 409, 'slot_unavailable');
  });
});

describe('a slot that is kept (R41)', () => {
  it('is taken for everybody else, and booked by who keeps it', async () => {
    const slot = desk.slot(3, 7);
    const kept = await holdOf(await hold(cookie, doctor, slot.startsAt));
    expect(kept.expiresAt).toBe(new Date(server.clock.now() + 10 * 60_000).toISOString());
    await expectRefusal(await desk.book(otherCookie, doctor, slot), 409, 'slot_unavailable');
    await expectRefusal(await hold(otherCookie, doctor, slot.startsAt), 409, 'slot_unavailable');
    expect((await desk.book(cookie, doctor, slot)).status).toBe(201);
    const own = await server.call('GET', '/api/holds', { cookie });
    expect(await own.json()).toEqual({ hold: null });
  });

  it('is not kept for who has an appointment at that time already', async () => {
    const slot = desk.slot(3, 20);
    await desk.booked(cookie, await desk.doctor('Another'), slot);
    const refused = await hold(cookie, doctor, slot.startsAt);
    await expectRefusal(refused, 409, 'patient_busy');
    expect((await hold(otherCookie, doctor, slot.startsAt)).status).toBe(201);
  });

  it('is given back when it is let go, when another is chosen, and when its time is over', async () => {
    const [first, second] = [desk.slot(3, 8), desk.slot(3, 9)];
    const { id } = await holdOf(await hold(cookie, doctor, first.startsAt));
    expect((await server.call('DELETE', `/api/holds/${id}`, { cookie })).status).toBe(200);
    expect((await server.call('DELETE', `/api/holds/${id}`, { cookie })).status).toBe(200);
    await holdOf(await hold(cookie, doctor, first.startsAt));
    await holdOf(await hold(cookie, doctor, second.startsAt));
    expect((await hold(otherCookie, doctor, first.startsAt)).status).toBe(201);
    server.clock.advance(10 * 60_000);
    expect((await desk.book(otherCookie, doctor, second)).status).toBe(201);
  });

  it('can be kept longer ten times, and not once it has ended', async () => {
    const { id } = await holdOf(await hold(cookie, doctor, desk.slot(3, 10).startsAt));
    const foreign = await server.call('POST', `/api/holds/${id}/extend`, { cookie: otherCookie });
    await expectRefusal(foreign, 409, 'hold_ended');
    const extend = () => server.call('POST', `/api/holds/${id}/extend`, { cookie });
    for (let times = 0; times < 10; times += 1) expect((await extend()).status).toBe(200);
    await expectRefusal(await extend(), 429, 'limit_exceeded');
    server.clock.advance(30 * 60_000);
    cookie = await server.signIn(patient);
    await expectRefusal(await extend(), 409, 'hold_ended');
  });
});
