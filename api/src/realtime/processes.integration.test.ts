import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { SLOT_NAMESPACE } from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Application } from '../application.ts';
import { createLogger } from '../logging/logger.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestNews } from '../testing/test-news.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const MINUTE_MS = 60_000;
const SECOND_MS = 1000;

/** Requests go to this one, sockets to the other. */
let server: TestServer;
let other: Application;
let otherUrl: string;
let doctor: Person;
let patient: Person;
const open: AppSocketClient[] = [];

beforeAll(async () => {
  server = await TestServer.start();
  other = await Application.start(server.config, createLogger({ logLevel: 'silent', logFormat: 'json' }), server.clock);
  otherUrl = `http://127.0.0.1:${other.port}`;
  doctor = await server.person('doctor', 'Dr. Far');
  patient = await server.person('patient', 'Pat Near');
  await server.report(server.node.heartbeat());
});
afterAll(async () => {
  await other.close();
  await server.close();
});
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function connectToOther(cookie: string): Promise<AppSocketClient> {
  const socket = await AppSocketClient.connect(otherUrl, cookie, { origin: PUBLIC_URL });
  open.push(socket);
  return socket;
}

/** How long it takes until something comes. */
async function within<T>(limitMs: number, coming: Promise<T>, act: () => Promise<unknown>): Promise<T> {
  await act();
  const actedAt = performance.now();
  const came = await coming;
  expect(performance.now() - actedAt).toBeLessThan(limitMs);
  return came;
}

describe('a socket of one api process, and what happens in another', () => {
  it('hears of a changed appointment', async () => {
    const appointmentId = await server.appointment(doctor, patient);
    const socket = await connectToOther(await server.signIn(patient));
    const cookie = await server.signIn(doctor);
    const told = socket.next('appointment.changed');
    const close = () => server.call('POST', `/api/consultations/${appointmentId}/close`, { cookie });
    expect(await within(SECOND_MS, told, close)).toEqual({ appointmentId });
  });

  it('hears who enters a call that it watches, and no more once its account is no longer a party', async () => {
    const colleague = await server.person('doctor', 'Dr. Colleague');
    const consultationId = await server.appointment(doctor, patient);
    const cookie = await server.signIn(doctor);
    const path = `/api/appointments/${consultationId}/colleagues`;
    await server.call('POST', path, { cookie, body: { doctorId: colleague.id } });
    await server.call('POST', `/api/consultations/${consultationId}/join`, { cookie });
    const [own, theirs] = [
      await connectToOther(await server.signIn(patient)),
      await connectToOther(await server.signIn(colleague)),
    ];
    for (const socket of [own, theirs]) {
      expect(await socket.request('consultation.watch', { consultationId })).toMatchObject({ ok: true });
    }
    const person = { peerId: randomUUID(), participantId: doctor.id, name: doctor.name, party: 'doctor' as const };
    const both = Promise.all([own, theirs].map((socket) => socket.next('consultation.presence')));
    const enter = () => server.report({ type: 'peer.joined', room: consultationId, ...person });
    const told = { consultationId, people: [{ name: doctor.name, party: 'doctor' }] };
    expect(await within(SECOND_MS, both, enter)).toEqual([told, told]);

    const changed = theirs.next('appointment.changed');
    await server.call('DELETE', `${path}/${colleague.id}`, { cookie });
    await changed;
    const count = theirs.count('consultation.presence');
    const left = own.next('consultation.presence');
    await server.report({ type: 'peer.left', room: consultationId, ...person, reason: 'left' });
    await left;
    // An acknowledged request after it: an event would have come first.
    await theirs.raw('nothing', {});
    expect(count()).toBe(0);
  });

  it('is told of the end of its session, and closed, and only that one (A4)', async () => {
    const [cookie, otherCookie] = [await server.signIn(patient), await server.signIn(patient)];
    const [socket, bystander] = [await connectToOther(cookie), await connectToOther(otherCookie)];
    const ended = Promise.all([socket.next('session.ended'), socket.next('disconnect')]);
    const signOut = () => server.call('POST', '/api/auth/logout', { cookie });
    expect(await within(5 * SECOND_MS, ended, signOut)).toEqual([{}, 'io server disconnect']);
    expect(await bystander.raw('nothing', {})).toMatchObject({ ok: false, error: { code: 'not_found' } });
  });
});

describe('a page that shows free times from one api process', () => {
  const pages: Socket[] = [];
  afterAll(() => {
    for (const page of pages) page.close();
  });

  it('learns within a second of a slot that is taken in another (yellow on every open page)', async () => {
    const desk = BookingDesk.create(server);
    const watched = await desk.doctor('Watched');
    const cookie = await server.signIn(patient);
    const slot = desk.slot(3);
    const options = { transports: ['websocket'], extraHeaders: { origin: PUBLIC_URL }, reconnection: false };
    const page = io(otherUrl + SLOT_NAMESPACE, { ...options, forceNew: true });
    pages.push(page);
    await page.timeout(5000).emitWithAck('slots.watch', { doctorId: watched.id });
    const told = new Promise<unknown>((resolve) => page.once('slots.changed', resolve));
    const body = { doctorId: watched.id, startsAt: slot.startsAt.toISOString() };
    const heard = await within(SECOND_MS, told, () => desk.post(cookie, '/api/holds', body));
    expect(heard).toEqual({ doctorId: watched.id, from: body.startsAt, to: slot.endsAt.toISOString() });
  });
});

describe('a process that runs the jobs', () => {
  let child: ChildProcess | undefined;
  afterEach(async () => {
    if (child === undefined) return;
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  });

  it('shows its reminders on pages that are connected to another one', async () => {
    const news = await TestNews.of(server);
    // Due in a few seconds of the real clock, by which the other process goes.
    server.clock.set(Date.now() - 10 * MINUTE_MS + 6 * SECOND_MS);
    const appointmentId = await server.appointment(doctor, patient, 20);
    await news.tell(appointmentId, 'confirm', 'doctor');
    server.clock.set(Date.now());
    const socket = await connectToOther(await server.signIn(patient));
    const told = socket.next('notification.added');
    const env = {
      PATH: process.env['PATH'] ?? '',
      HC_DATA_DIR: server.config.dataDir,
      HC_PORT: '0',
      HC_JOBS: '1',
      HC_LOG_LEVEL: 'error',
      MONGODB_URI: server.config.mongodbUri,
    };
    child = fork(MAIN, { env, execArgv: [] });
    expect(await told).toMatchObject({ notification: { kind: 'reminder-minutes', appointmentId } });
  }, 60_000);
});

describe('a process that can no longer read what the others told', () => {
  it('cuts its sockets, so that pages connect and read again by themselves', async () => {
    const socket = await connectToOther(await server.signIn(patient));
    const gone = socket.next('disconnect');
    await server.database.connection.dropCollection('socket_news');
    // After "io server disconnect" pages would not connect again: it says that the session has ended.
    expect(await gone).toBe('transport close');
    const cookie = await server.signIn(doctor);
    const again = await connectToOther(await server.signIn(patient));
    const told = again.next('appointment.changed');
    const appointmentId = await server.appointment(doctor, patient);
    await server.call('POST', `/api/consultations/${appointmentId}/close`, { cookie });
    expect(await told).toEqual({ appointmentId });
  });
});
