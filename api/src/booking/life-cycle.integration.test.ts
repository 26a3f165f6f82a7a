import { randomUUID } from 'node:crypto';
import { errorBodySchema, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import type { ScheduledSlot } from '../availability/slots.ts';
import { findBreaches } from './integrity.ts';
import { IntegrityRepository } from './integrity.repository.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;
const MINUTE_MS = 60_000;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const change = (cookie: string, { id, version }: Appointment, name: string, parts: object = {}) =>
  desk.post(cookie, `/api/appointments/${id}/${name}`, { version, ...parts });
const confirm = (cookie: string, appointment: Appointment) => change(cookie, appointment, 'confirm', { comment: '' });
const cancel = (cookie: string, appointment: Appointment, reason = 'Ill') =>
  change(cookie, appointment, 'cancel', { reason });
const propose = (cookie: string, appointment: Appointment, slot: ScheduledSlot) => {
  const { date, startTime, endTime, startsAt } = slot;
  const time = { date, startTime, endTime, startsAt: startsAt.toISOString() };
  return change(cookie, appointment, 'proposals', { ...time, comment: 'Later?', idempotencyKey: randomUUID() });
};
const read = async (cookie: string, id: string) =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie }));
const agreed = async (slot = desk.slot(3)) =>
  appointmentOf(await confirm(doctorCookie, await desk.booked(patientCookie, doctor, slot)));
const statusesOf = (answers: readonly Response[]) => answers.map(({ status }) => status).sort();
const kindsOf = async (cookie: string) => {
  const answer = await server.call('GET', '/api/notifications', { cookie });
  const list = z.object({ notifications: z.array(z.object({ kind: z.string() })) }).parse(await answer.json());
  return list.notifications.map(({ kind }) => kind);
};

describe('answering a request (R43)', () => {
  it('by yes, with a comment, schedules it', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    const answer = await change(doctorCookie, asked, 'confirm', { comment: 'Bring your list of medicines.' });
    expect(await appointmentOf(answer)).toMatchObject({ status: 'scheduled', awaiting: null, version: 1 });
    expect(await read(patientCookie, asked.id)).toMatchObject({ comment: 'Bring your list of medicines.' });
    expect(await kindsOf(patientCookie)).toEqual(['confirmed', 'requested']);
  });

  it('is too late once its time has come, and for nobody else', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    const stranger = await server.signIn(await server.person('doctor', 'Stranger'));
    await expectRefusal(await confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await cancel(stranger, asked), 403, 'forbidden');
    const before = server.clock.now();
    server.clock.set(Date.parse(asked.startsAt));
    const late = await confirm(await server.signIn(doctor), asked);
    await expectNotAllowed(late, ['decline', 'cancel']);
    server.clock.set(before);
  });

  it('is in the trail, each by its name', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    await cancel(doctorCookie, await appointmentOf(await confirm(doctorCookie, asked)));
    const entries = server.database.connection.collection('audit_entries').find({ resourceId: asked.id });
    const trail = z.array(z.looseObject({ detail: z.string().nullable() })).parse(await entries.toArray());
    const details = trail.map(({ detail }) => detail).filter((detail) => detail !== null);
    expect(details.sort()).toEqual(['appointment_cancel', 'appointment_confirm', 'appointment_request']);
  });

  it('by no, with a reason, gives the time back', async () => {
    const slot = desk.slot(3);
    const asked = await desk.booked(patientCookie, doctor, slot);
    const refused = await appointmentOf(await change(doctorCookie, asked, 'decline', { reason: 'I am away' }));
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
    const refused = await confirm(patientCookie, asked);
    expect(refused.status).toBe(409);
    expect(errorBodySchema.parse(await refused.json()).error).toMatchObject({
      code: 'change_not_allowed',
      allowed: ['cancel'],
    });
    const stranger = await server.signIn(await server.person('patient', 'Stranger'));
    await expectRefusal(await confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await cancel(stranger, asked), 403, 'forbidden');
  });
});

describe('calling off', () => {
  it('by either side, with a reason, frees the time of both', async () => {
    const slot = desk.slot(3);
    const first = await agreed(slot);
    for (const cookie of [doctorCookie, patientCookie]) {
      await expectRefusal(await cancel(cookie, first, ' '), 400, 'validation_failed');
    }
    expect((await cancel(doctorCookie, first)).status).toBe(200);
    const second = await agreed(slot);
    expect(await appointmentOf(await cancel(patientCookie, second, 'I would rather not say'))).toMatchObject({
      status: 'cancelled',
      ending: { change: 'cancel', by: 'patient', reason: 'I would rather not say' },
    });
    expect((await desk.book(patientCookie, doctor, slot)).status).toBe(201);
  });

  it('is refused for a version that was changed in another tab', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    await confirm(doctorCookie, asked);
    await expectRefusal(await cancel(patientCookie, asked), 409, 'version_conflict');
  });

  it('and agreeing at the same moment: one of them wins', async () => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await desk.booked(patientCookie, doctor, desk.slot(4, round));
      const answers = await Promise.all([confirm(doctorCookie, asked), cancel(patientCookie, asked)]);
      expect(statusesOf(answers)).toEqual([200, 409]);
      const { status, version } = await read(patientCookie, asked.id);
      expect([status, version]).toEqual([answers[0].status === 200 ? 'scheduled' : 'cancelled', 1]);
    }
  });
});

describe('another time', () => {
  it('that both agree to takes the place of the first one', async () => {
    const before = await agreed();
    const later = desk.slot(5);
    const proposal = await appointmentOf(await propose(patientCookie, before, later));
    expect(proposal).toMatchObject({
      status: 'pending',
      awaiting: 'doctor',
      replacesId: before.id,
      proposedBy: 'patient',
      startsAt: later.startsAt.toISOString(),
    });
    expect(await read(doctorCookie, before.id)).toMatchObject({ status: 'scheduled' });
    expect(await appointmentOf(await confirm(doctorCookie, proposal))).toMatchObject({ status: 'scheduled' });
    expect(await read(patientCookie, before.id)).toMatchObject({ status: 'rescheduled', movedToId: proposal.id });
    const history = await server.call('GET', `/api/appointments/${proposal.id}/events`, { cookie: patientCookie });
    expect(await history.json()).toMatchObject({
      events: [{ change: 'propose' }, { change: 'move', by: 'doctor', fromStartsAt: before.startsAt }],
    });
    expect((await desk.book(patientCookie, doctor, desk.slot(3))).status).toBe(201);
  });

  it('is told to whoever looks at the first one, and so is its end', async () => {
    const before = await agreed(desk.slot(3, 40));
    const socket = await AppSocketClient.connect(server.url, patientCookie);
    const changed: unknown[] = [];
    socket.socket.on('appointment.changed', (payload) => changed.push(payload));
    const ofBoth = (proposal: Appointment) => [{ appointmentId: proposal.id }, { appointmentId: before.id }];
    const proposal = await appointmentOf(await propose(doctorCookie, before, desk.slot(5, 40)));
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)));
    changed.length = 0;
    expect((await change(patientCookie, proposal, 'decline', { reason: 'No' })).status).toBe(200);
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)));
    socket.close();
  });

  it('may overlap with the one that it is meant to replace', async () => {
    const long = await desk.doctor('Long', { slotMinutes: 60 });
    const longCookie = await server.signIn(long);
    const first = await desk.booked(patientCookie, long, desk.slot(6, 0, 60));
    const before = await appointmentOf(await confirm(longCookie, first));
    await desk.schedule(
      long,
      [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        start: '00:30',
        end: '23:30',
        slotMinutes: 60,
        breakMinutes: 0,
        modes: ['video'],
      })),
    );
    const halfLater = new Date(Date.parse(before.startsAt) + 30 * MINUTE_MS);
    const slot = {
      ...desk.slot(6, 0, 60),
      startsAt: halfLater,
      endsAt: new Date(halfLater.getTime() + 60 * MINUTE_MS),
    };
    const clock = (instant: Date) =>
      instant.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
    const date = halfLater.toLocaleDateString('en-CA', { timeZone: 'Europe/Berlin' });
    const wanted = { ...slot, date, startTime: clock(slot.startsAt), endTime: clock(slot.endsAt) };
    const proposal = await appointmentOf(await propose(longCookie, before, wanted));
    expect(await findBreaches(IntegrityRepository.create(server.database.connection))).toEqual([]);
    expect(await appointmentOf(await confirm(patientCookie, proposal))).toMatchObject({ status: 'scheduled' });
  });

  it('that is declined or withdrawn leaves the first one as it is', async () => {
    const before = await agreed();
    for (const [cookie, name, parts] of [
      [doctorCookie, 'decline', { reason: 'No' }],
      [patientCookie, 'cancel', { reason: 'Ill' }],
    ] as const) {
      const current = await read(patientCookie, before.id);
      const proposal = await appointmentOf(await propose(patientCookie, current, desk.slot(5)));
      expect(await appointmentOf(await change(cookie, proposal, name, parts))).toMatchObject({ status: 'cancelled' });
      expect(await read(patientCookie, before.id)).toMatchObject({ status: 'scheduled' });
    }
  });

  it('is one at a time, and ends with the one that it was meant to replace', async () => {
    const before = await agreed();
    const proposal = await appointmentOf(await propose(patientCookie, before, desk.slot(5)));
    const current = await read(patientCookie, before.id);
    await expectRefusal(await propose(doctorCookie, current, desk.slot(6)), 409, 'change_not_allowed');
    await expectRefusal(await propose(doctorCookie, proposal, desk.slot(6)), 409, 'change_not_allowed');
    expect((await cancel(doctorCookie, current)).status).toBe(200);
    expect(await read(patientCookie, proposal.id)).toMatchObject({ status: 'cancelled', ending: { change: 'expire' } });
    expect((await desk.book(patientCookie, doctor, desk.slot(5))).status).toBe(201);
  });
});

describe('a follow-up', () => {
  it('is booked by the doctor at once', async () => {
    const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const path = `/api/appointments/${await server.appointment(doctor, patient, -60, over)}/follow-up`;
    expect(await appointmentOf(await desk.post(doctorCookie, path, wanted))).toMatchObject({ status: 'scheduled' });
    await expectRefusal(await desk.post(patientCookie, path, wanted), 403, 'forbidden');
    expect(await kindsOf(patientCookie)).toContain('booked');
  });

  it('follows a visit that has taken place, not one that was declined, missed or is still to come', async () => {
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const closedAt = new Date(server.clock.now());
    const declined = await desk.booked(patientCookie, doctor, desk.slot(3));
    await change(doctorCookie, declined, 'decline', { reason: 'No' });
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
    expect((await cancel(cookie, visit)).status).toBe(200);
    expect(server.node.commands).toContain(`POST /control/rooms/${visit.id}/close`);
    server.clock.set(before);
  });
});

describe('as time goes by', () => {
  it('a request that nobody answered ends', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    server.clock.set(Date.parse(asked.startsAt));
    await server.application.changeBySystem();
    doctorCookie = await server.signIn(doctor);
    expect(await read(doctorCookie, asked.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
    });
    await expectRefusal(await confirm(doctorCookie, asked), 409, 'change_not_allowed');
  });

  it.each(['doctor', 'patient'] as const)(
    'a time that the %s has offered instead of a request that nobody answered can still be answered',
    async (by) => {
      const [byWhom, awaited] = by === 'doctor' ? [doctorCookie, patient] : [patientCookie, doctor];
      const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
      const offered = await appointmentOf(await propose(byWhom, asked, desk.slot(3, 5)));
      server.clock.set(Date.parse(asked.startsAt));
      await server.application.changeBySystem();
      const cookie = await server.signIn(awaited);
      expect(await read(cookie, asked.id)).toMatchObject({ status: 'cancelled', ending: { change: 'expire' } });
      const stands = await read(cookie, offered.id);
      expect(stands).toMatchObject({ status: 'pending', awaiting: awaited.role, replacesId: null });
      expect(stands.changes).toContain('confirm');
      expect((await kindsOf(cookie)).slice(0, 2)).toEqual(['proposed', 'expired']);
      const agreedTo = await appointmentOf(await confirm(cookie, stands));
      expect(agreedTo).toMatchObject({ status: 'scheduled', movedToId: null });
      expect((await kindsOf(cookie))[0]).toBe('confirmed');
    },
  );

  it('a proposal that nobody answered ends, and what it would have replaced stays as it is', async () => {
    const before = await agreed(desk.slot(6));
    const proposal = await appointmentOf(await propose(patientCookie, before, desk.slot(3)));
    const later = await appointmentOf(await propose(doctorCookie, await agreed(desk.slot(6, 3)), desk.slot(5)));
    server.clock.set(Date.parse(proposal.startsAt) - 1);
    await server.application.changeBySystem();
    [doctorCookie, patientCookie] = [await server.signIn(doctor), await server.signIn(patient)];
    expect(await read(patientCookie, proposal.id)).toMatchObject({ status: 'pending' });
    server.clock.set(Date.parse(proposal.startsAt));
    await server.application.changeBySystem();
    expect(await read(patientCookie, proposal.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
      door: { state: 'closed' },
    });
    expect(await read(doctorCookie, later.id)).toMatchObject({ status: 'pending' });
    const stands = await read(doctorCookie, before.id);
    expect(stands).toMatchObject({ status: 'scheduled', movedToId: null });
    for (const cookie of [doctorCookie, patientCookie]) {
      expect((await kindsOf(cookie)).filter((kind) => kind === 'proposal-expired')).toHaveLength(1);
    }
    await expectRefusal(await confirm(doctorCookie, proposal), 409, 'change_not_allowed');
    // There is room for another offer.
    expect((await propose(doctorCookie, stands, desk.slot(7))).status).toBe(201);
  });

  it('the doctor can say that a visit was missed, but not before its start', async () => {
    const visit = await agreed();
    await expectNotAllowed(await change(doctorCookie, visit, 'miss'), ['cancel']);
    server.clock.set(Date.parse(visit.startsAt) + MINUTE_MS);
    doctorCookie = await server.signIn(doctor);
    expect(await appointmentOf(await change(doctorCookie, visit, 'miss'))).toMatchObject({ outcome: 'missed' });
  });
});

describe("the doctor's day (R25)", () => {
  it('has what starts on these days of the schedule’s zone, by start', async () => {
    const slots = [desk.slot(3, 4), desk.slot(3, 2), desk.slot(9, 0)];
    for (const slot of slots) await desk.booked(patientCookie, doctor, slot);
    const from = slots[1]?.date ?? '';
    const answer = await server.call('GET', `/api/appointments/day?from=${from}&days=2`, { cookie: doctorCookie });
    const list = z.object({ appointments: z.array(z.object({ startsAt: z.string() })) }).parse(await answer.json());
    expect(list.appointments.map(({ startsAt }) => startsAt)).toEqual(
      [slots[1], slots[0]].map((slot) => slot?.startsAt.toISOString()),
    );
  });
});
