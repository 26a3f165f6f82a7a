import { errorBodySchema } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitDesk } from '../testing/visit-desk.ts';

let server: TestServer;
let desk: BookingDesk;
let visits: VisitDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  visits = VisitDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const agreed = async (slot = desk.slot(3)) =>
  appointmentOf(await visits.confirm(doctorCookie, await desk.booked(patientCookie, doctor, slot)));
const statusesOf = (answers: readonly Response[]) => answers.map(({ status }) => status).sort();

describe('answering a request (R43)', () => {
  it('by yes, with a comment, schedules it', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    const answer = await visits.change(doctorCookie, asked, 'confirm', { comment: 'Bring your list of medicines.' });
    expect(await appointmentOf(answer)).toMatchObject({ status: 'scheduled', awaiting: null, version: 1 });
    expect(await visits.read(patientCookie, asked.id)).toMatchObject({ comment: 'Bring your list of medicines.' });
    expect(await visits.kindsOf(patientCookie)).toEqual(['confirmed', 'requested']);
  });

  it('is too late once its time has come, and for nobody else', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    const stranger = await server.signIn(await server.person('doctor', 'Stranger'));
    await expectRefusal(await visits.confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await visits.cancel(stranger, asked), 403, 'forbidden');
    const before = server.clock.now();
    server.clock.set(Date.parse(asked.startsAt));
    const late = await visits.confirm(await server.signIn(doctor), asked);
    await expectNotAllowed(late, ['decline', 'cancel']);
    server.clock.set(before);
  });

  it('is in the trail, each by its name', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    await visits.cancel(doctorCookie, await appointmentOf(await visits.confirm(doctorCookie, asked)));
    const entries = server.database.connection.collection('audit_entries').find({ resourceId: asked.id });
    const trail = z.array(z.looseObject({ detail: z.string().nullable() })).parse(await entries.toArray());
    const details = trail.map(({ detail }) => detail).filter((detail) => detail !== null);
    expect(details.sort()).toEqual(['appointment_cancel', 'appointment_confirm', 'appointment_request']);
  });

  it('by no, with a reason, gives the time back', async () => {
    const slot = desk.slot(3);
    const asked = await desk.booked(patientCookie, doctor, slot);
    const refused = await appointmentOf(await visits.change(doctorCookie, asked, 'decline', { reason: 'I am away' }));
    expect(refused).toMatchObject({
      status: 'cancelled',
      ending: { change: 'decline', by: 'doctor', reason: 'I am away' },
      changes: [],
      door: { state: 'closed' },
    });
    expect((await desk.book(patientCookie, doctor, slot)).status).toBe(201);
  });

  it('is for the side that was asked; what else is tried names what may be done', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    const refused = await visits.confirm(patientCookie, asked);
    expect(refused.status).toBe(409);
    expect(errorBodySchema.parse(await refused.json()).error).toMatchObject({
      code: 'change_not_allowed',
      allowed: ['cancel'],
    });
    const stranger = await server.signIn(await server.person('patient', 'Stranger'));
    await expectRefusal(await visits.confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await visits.cancel(stranger, asked), 403, 'forbidden');
  });
});

describe('calling off', () => {
  it('by either side, with a reason, frees the time of both', async () => {
    const slot = desk.slot(3);
    const first = await agreed(slot);
    for (const cookie of [doctorCookie, patientCookie]) {
      await expectRefusal(await visits.cancel(cookie, first, ' '), 400, 'validation_failed');
    }
    expect((await visits.cancel(doctorCookie, first)).status).toBe(200);
    const second = await agreed(slot);
    expect(await appointmentOf(await visits.cancel(patientCookie, second, 'I would rather not say'))).toMatchObject({
      status: 'cancelled',
      ending: { change: 'cancel', by: 'patient', reason: 'I would rather not say' },
    });
    expect((await desk.book(patientCookie, doctor, slot)).status).toBe(201);
  });

  it('keeps a ready reason as what it is, instead of words in the language of one of them', async () => {
    const first = await agreed(desk.slot(3));
    const cancel = (why: object) => visits.change(patientCookie, first, 'cancel', why);
    for (const why of [{}, { reason: 'Ill', reasonKind: 'time' }, { reasonKind: 'bored' }]) {
      await expectRefusal(await cancel(why), 400, 'validation_failed');
    }
    const ending = { change: 'cancel', by: 'patient', reason: '', reasonKind: 'time' };
    expect(await appointmentOf(await cancel({ reasonKind: 'time' }))).toMatchObject({ status: 'cancelled', ending });
    const told = await appointmentOf(
      await server.call('GET', `/api/appointments/${first.id}`, { cookie: doctorCookie }),
    );
    expect(told.ending).toMatchObject(ending);
    const second = await agreed(desk.slot(3));
    const worded = await appointmentOf(await visits.cancel(doctorCookie, second, 'Ill'));
    expect(worded.ending).toMatchObject({ reason: 'Ill', reasonKind: null });
    // Those from before there were ready reasons.
    const stored = server.database.connection.collection('appointments');
    await stored.updateOne({ _id: toStoredId(second.id) }, { $unset: { 'ending.reasonKind': '' } });
    const older = await server.call('GET', `/api/appointments/${second.id}`, { cookie: patientCookie });
    expect((await appointmentOf(older)).ending).toMatchObject({ reason: 'Ill', reasonKind: null });
  });

  it('is refused for a version that was changed in another tab', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    await visits.confirm(doctorCookie, asked);
    await expectRefusal(await visits.cancel(patientCookie, asked), 409, 'version_conflict');
  });

  it('and agreeing at the same moment: one of them wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await desk.booked(patientCookie, doctor, desk.slot(4, round));
      const answers = await Promise.all([visits.confirm(doctorCookie, asked), visits.cancel(patientCookie, asked)]);
      expect(statusesOf(answers)).toEqual([200, 409]);
      const { status, version } = await visits.read(patientCookie, asked.id);
      expect([status, version]).toEqual([answers[0].status === 200 ? 'scheduled' : 'cancelled', 1]);
    }
  });
});

describe('a follow-up', () => {
  it('is booked by the doctor at once', async () => {
    const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const path = `/api/appointments/${await server.appointment(doctor, patient, -60, over)}/follow-up`;
    expect(await appointmentOf(await desk.post(doctorCookie, path, wanted))).toMatchObject({ status: 'scheduled' });
    await expectRefusal(await desk.post(patientCookie, path, wanted), 403, 'forbidden');
    expect(await visits.kindsOf(patientCookie)).toContain('booked');
  });

  it('follows a visit that has taken place, not one that was declined, missed or is still to come', async () => {
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const closedAt = new Date(server.clock.now());
    const declined = await desk.booked(patientCookie, doctor, desk.slot(3));
    await visits.change(doctorCookie, declined, 'decline', { reason: 'No' });
    for (const [id, allowed] of [
      [declined.id, []],
      [await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'missed', closedAt }), []],
      [(await agreed(desk.slot(4))).id, ['cancel']],
    ] as const) {
      const refused = await desk.post(doctorCookie, `/api/appointments/${id}/follow-up`, wanted);
      expect(refused.status).toBe(409);
      const { error } = errorBodySchema.parse(await refused.json());
      expect(error).toMatchObject({ code: 'change_not_allowed', allowed });
    }
  });
});

describe('calling off a visit whose call runs', () => {
  it('ends the call', async () => {
    const visit = await agreed(desk.slot(3, 30));
    const before = server.clock.now();
    server.clock.set(Date.parse(visit.startsAt));
    await server.report(server.node.heartbeat());
    const cookie = await server.signIn(doctor);
    const joined = await server.call('POST', `/api/consultations/${visit.id}/join`, { cookie });
    expect(joined.status).toBe(200);
    expect((await visits.cancel(cookie, visit)).status).toBe(200);
    expect(server.node.commands).toContain(`POST /control/rooms/${visit.id}/close`);
    server.clock.set(before);
  });
});
