import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectNotAllowed } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitDesk } from '../testing/visit-desk.ts';

const MINUTE_MS = 60_000;

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
  doctor = await desk.doctor('Doctor', { confirmation: 'automatic' });
  patient = await server.person('patient', 'Patient');
  await signIn();
});

/** Sessions end as the clock leaps. */
async function signIn(): Promise<void> {
  [doctorCookie, patientCookie] = [await server.signIn(doctor), await server.signIn(patient)];
}

const booked = (index: number) => desk.booked(patientCookie, doctor, desk.slot(3, index));
const enter = async (room: string, { id: participantId, name }: Person, party: 'doctor' | 'patient') => {
  const peer = { room, peerId: randomUUID(), participantId, name, party };
  await server.report({ type: 'peer.joined', ...peer });
  return peer;
};
const visit = async (room: string, person: Person, party: 'doctor' | 'patient') => {
  await server.report({ type: 'peer.left', ...(await enter(room, person, party)), reason: 'left' });
};
const bothCome = async (room: string) => {
  await visit(room, patient, 'patient');
  await visit(room, doctor, 'doctor');
};

describe('a visit that nobody ended', () => {
  it('was missed if only one came, and has taken place if both did, once nobody is in it any more', async () => {
    const [missed, met, inUse] = [await booked(0), await booked(1), await booked(2)];
    const notes = NoteDesk.create(server);
    await noteOf(await notes.save(doctorCookie, met.id, 0, { plan: 'Rest' }));
    server.clock.set(Date.parse(missed.startsAt));
    await server.report(server.node.heartbeat());
    await visit(missed.id, patient, 'patient');
    await bothCome(met.id);
    await bothCome(inUse.id);
    server.clock.set(Date.parse(inUse.endsAt) + 31 * MINUTE_MS);
    await server.report(server.node.heartbeat());
    await signIn();
    const join = await desk.post(patientCookie, `/api/consultations/${inUse.id}/join`, undefined);
    expect(join.status).toBe(200);
    const stay = await enter(inUse.id, patient, 'patient');
    const sockets = await Promise.all(
      [doctorCookie, patientCookie].map((cookie) => AppSocketClient.connect(server.url, cookie)),
    );
    const heard = sockets.map(({ socket }) => {
      const ids: unknown[] = [];
      socket.on('appointment.changed', (payload) => ids.push(payload));
      return ids;
    });
    await server.application.changeBySystem();
    expect(await visits.read(patientCookie, missed.id)).toMatchObject({ status: 'completed', outcome: 'missed' });
    expect(await visits.read(patientCookie, inUse.id)).toMatchObject({ status: 'scheduled' });
    const ended = await visits.read(patientCookie, met.id);
    expect(ended).toMatchObject({ status: 'completed', outcome: 'met', door: { state: 'closed' } });
    expect(ended.rateableUntil).not.toBeNull();
    for (const ids of heard) await vi.waitFor(() => expect(ids).toContainEqual({ appointmentId: met.id }));
    for (const { socket } of sockets) socket.close();
    for (const cookie of [doctorCookie, patientCookie]) expect(await visits.kindsOf(cookie)).toContain('completed');
    const rating = { rating: 5, review: '' };
    const path = `/api/appointments/${met.id}/rating`;
    expect((await server.call('PUT', path, { cookie: patientCookie, body: rating })).status).toBe(200);
    await noteOf(await notes.sign(doctorCookie, met.id, 1));
    await server.report({ type: 'peer.left', ...stay, reason: 'left' });
    await server.application.changeBySystem();
    expect(await visits.read(patientCookie, inUse.id)).toMatchObject({ status: 'completed', outcome: 'met' });
  });
});

describe('a visit that both came to', () => {
  it('can neither be called off nor moved any more, which open pages are told', async () => {
    const met = await booked(0);
    const proposal = await appointmentOf(await visits.propose(patientCookie, met, desk.slot(5)));
    const current = await visits.read(patientCookie, met.id);
    expect(current.changes).toContain('cancel');
    expect((await visits.read(doctorCookie, proposal.id)).changes).toContain('confirm');
    server.clock.set(Date.parse(met.startsAt));
    await server.report(server.node.heartbeat());
    await signIn();
    const socket = await AppSocketClient.connect(server.url, patientCookie);
    const heard: unknown[] = [];
    socket.socket.on('appointment.changed', (payload) => heard.push(payload));
    await bothCome(met.id);
    await vi.waitFor(() => expect(heard).toContainEqual({ appointmentId: met.id }));
    socket.close();
    server.clock.set(Date.parse(met.endsAt) + 24 * 60 * MINUTE_MS);
    await signIn();
    for (const [cookie, allowed] of [
      [patientCookie, []],
      [doctorCookie, ['complete', 'miss']],
    ] as const) {
      expect((await visits.read(cookie, met.id)).changes).toEqual(allowed);
      for (const answer of [
        await visits.cancel(cookie, current),
        await visits.propose(cookie, current, desk.slot(8)),
      ]) {
        await expectNotAllowed(answer, allowed);
      }
    }
    expect((await visits.read(doctorCookie, proposal.id)).changes).toEqual(['decline', 'cancel']);
    await expectNotAllowed(await visits.confirm(doctorCookie, proposal), ['decline', 'cancel']);
    expect(await visits.read(patientCookie, met.id)).toMatchObject({ status: 'scheduled' });
  });
});
