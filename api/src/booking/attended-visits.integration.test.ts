import { randomUUID } from 'node:crypto';
import type { Schedule } from '@health-connect/contract';
import { describe, expect, vi } from 'vitest';
import { expectNotAllowed } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { expectWhole } from '../testing/close-whole.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import type { Person } from '../testing/test-server.ts';
import { it as visitTest } from '../testing/visit-test.ts';

const MINUTE_MS = 60_000;

type Party = 'doctor' | 'patient';

const it = visitTest
  .extend('schedule', (): Partial<Schedule> => ({ confirmation: 'automatic' }))
  .extend(
    'booked',
    ({ desk, doctor, cookies }) =>
      (index: number) =>
        desk.booked(cookies.patient, doctor, desk.slot(3, index)),
  )
  .extend('enter', ({ server }) => async (room: string, { id: participantId, name }: Person, party: Party) => {
    const peer = { room, peerId: randomUUID(), participantId, name, party };
    await server.report({ type: 'peer.joined', ...peer });
    return peer;
  })
  .extend('visit', ({ server, enter }) => async (room: string, person: Person, party: Party) => {
    await server.report({ type: 'peer.left', ...(await enter(room, person, party)), reason: 'left' });
  })
  .extend('bothCome', ({ doctor, patient, visit }) => async (room: string) => {
    await visit(room, patient, 'patient');
    await visit(room, doctor, 'doctor');
  });
it.afterAll(({ server }) => expectWhole(server));

describe('a visit that nobody ended', () => {
  it('was missed if only one came, and has taken place if both did, once nobody is in it any more', async ({
    all,
    booked,
    enter,
    visit,
    bothCome,
  }) => {
    const { server, desk, visits, patient, cookies, signIn } = all;
    const [missed, met, inUse] = [await booked(0), await booked(1), await booked(2)];
    const notes = NoteDesk.create(server);
    await noteOf(await notes.save(cookies.doctor, met.id, 0, { plan: 'Rest' }));
    server.clock.set(Date.parse(missed.startsAt));
    await server.report(server.node.heartbeat());
    await visit(missed.id, patient, 'patient');
    await bothCome(met.id);
    await bothCome(inUse.id);
    server.clock.set(Date.parse(inUse.endsAt) + 31 * MINUTE_MS);
    await server.report(server.node.heartbeat());
    await signIn();
    const join = await desk.post(cookies.patient, `/api/consultations/${inUse.id}/join`, undefined);
    expect(join.status).toBe(200);
    const stay = await enter(inUse.id, patient, 'patient');
    const sockets = await Promise.all(
      [cookies.doctor, cookies.patient].map((cookie) => AppSocketClient.connect(server.url, cookie)),
    );
    const heard = sockets.map(({ socket }) => {
      const ids: unknown[] = [];
      socket.on('appointment.changed', (payload) => ids.push(payload));
      return ids;
    });
    await server.application.changeBySystem();
    expect(await visits.read(cookies.patient, missed.id)).toMatchObject({ status: 'completed', outcome: 'missed' });
    expect(await visits.read(cookies.patient, inUse.id)).toMatchObject({ status: 'scheduled' });
    const ended = await visits.read(cookies.patient, met.id);
    expect(ended).toMatchObject({ status: 'completed', outcome: 'met', door: { state: 'closed' } });
    expect(ended.rateableUntil).not.toBeNull();
    for (const ids of heard) await vi.waitFor(() => expect(ids).toContainEqual({ appointmentId: met.id }), 10_000);
    for (const { socket } of sockets) socket.close();
    for (const cookie of [cookies.doctor, cookies.patient]) expect(await visits.kindsOf(cookie)).toContain('completed');
    const rating = { rating: 5, review: '' };
    const path = `/api/appointments/${met.id}/rating`;
    expect((await server.call('PUT', path, { cookie: cookies.patient, body: rating })).status).toBe(200);
    await noteOf(await notes.sign(cookies.doctor, met.id, 1));
    await server.report({ type: 'peer.left', ...stay, reason: 'left' });
    await server.application.changeBySystem();
    expect(await visits.read(cookies.patient, inUse.id)).toMatchObject({ status: 'completed', outcome: 'met' });
  });
});

describe('a visit that both came to', () => {
  it('can neither be called off nor moved any more, which open pages are told', async ({ all, booked, bothCome }) => {
    const { server, desk, visits, cookies, signIn } = all;
    const met = await booked(0);
    const proposal = await appointmentOf(await visits.propose(cookies.patient, met, desk.slot(5)));
    const current = await visits.read(cookies.patient, met.id);
    expect(current.changes).toContain('cancel');
    expect((await visits.read(cookies.doctor, proposal.id)).changes).toContain('confirm');
    server.clock.set(Date.parse(met.startsAt));
    await server.report(server.node.heartbeat());
    await signIn();
    const socket = await AppSocketClient.connect(server.url, cookies.patient);
    const heard: unknown[] = [];
    socket.socket.on('appointment.changed', (payload) => heard.push(payload));
    await bothCome(met.id);
    await vi.waitFor(() => expect(heard).toContainEqual({ appointmentId: met.id }), 10_000);
    socket.close();
    server.clock.set(Date.parse(met.endsAt) + 24 * 60 * MINUTE_MS);
    await signIn();
    for (const [cookie, allowed] of [
      [cookies.patient, []],
      [cookies.doctor, ['complete', 'miss']],
    ] as const) {
      expect((await visits.read(cookie, met.id)).changes).toEqual(allowed);
      for (const answer of [
        await visits.cancel(cookie, current),
        await visits.propose(cookie, current, desk.slot(8)),
      ]) {
        await expectNotAllowed(answer, allowed);
      }
    }
    expect((await visits.read(cookies.doctor, proposal.id)).changes).toEqual(['decline', 'cancel']);
    await expectNotAllowed(await visits.confirm(cookies.doctor, proposal), ['decline', 'cancel']);
    expect(await visits.read(cookies.patient, met.id)).toMatchObject({ status: 'scheduled' });
  });
});
