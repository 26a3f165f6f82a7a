import { randomUUID } from 'node:crypto';
import { failureSchema, type ErrorCode } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { SESSION_LIFETIME_MS } from '../accounts/session.service.ts';
import { AppSocketClient, HandshakeRefused } from '../testing/app-socket-client.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';
import { MAX_REFUSALS, REQUEST_BURST } from './socket-limits.ts';

let server: TestServer;
let doctor: Person;
let colleague: Person;
let patient: Person;
const open: AppSocketClient[] = [];

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Own');
  colleague = await server.person('doctor', 'Dr. Colleague');
  patient = await server.person('patient', 'Pat One');
  await server.report(server.node.heartbeat());
});
afterAll(() => server.close());
afterEach(() => {
  for (const socket of open.splice(0)) socket.close();
});

async function connect(person: Person): Promise<AppSocketClient> {
  return connectWith(await server.signIn(person));
}

async function connectWith(cookie: string): Promise<AppSocketClient> {
  const socket = await AppSocketClient.connect(server.url, cookie, { origin: PUBLIC_URL });
  open.push(socket);
  return socket;
}

async function refusalOf(attempt: Promise<unknown>): Promise<HandshakeRefused> {
  const outcome = await attempt.catch((error: unknown) => error);
  if (!(outcome instanceof HandshakeRefused)) throw new Error('The handshake was not refused');
  return outcome;
}

async function expectFailure(socket: AppSocketClient, code: ErrorCode, name: string, ...payloads: unknown[]) {
  const answer = await socket.raw(name, ...payloads);
  expect(answer).toMatchObject({ ok: false, error: { code } });
}

describe('the handshake', () => {
  it('needs a session that the database knows', async () => {
    const cookie = await server.signIn(patient);
    await server.call('POST', '/api/auth/logout', { cookie });
    for (const given of [undefined, '__Host-hc_session=x.y.z', cookie]) {
      const { message, data } = await refusalOf(AppSocketClient.connect(server.url, given));
      expect(message).toBe('unauthenticated');
      expect(failureSchema.parse(data).code).toBe('unauthenticated');
    }
  });

  it.each(['websocket', 'polling'])('by %s is refused to pages of others (ASVS 4.4.2)', async (transport) => {
    const cookie = await server.signIn(patient);
    for (const origin of ['https://evil.example', 'null', `${PUBLIC_URL}.evil.example`, 'http://localhost:3001']) {
      await refusalOf(AppSocketClient.connect(server.url, cookie, { origin }, [transport]));
    }
    open.push(await AppSocketClient.connect(server.url, cookie, { origin: PUBLIC_URL }, [transport]));
  });
});

describe('one connection', () => {
  it('is let in once at a time: it cannot have its session looked up a hundred times by one message', async () => {
    const headers = { cookie: await server.signIn(patient) };
    const engine = `${server.url}/socket.io/?EIO=4&transport=polling`;
    const opened = await (await fetch(engine, { headers })).text();
    const { sid } = z.object({ sid: z.string() }).parse(JSON.parse(opened.slice(1)));
    const asked = Array.from({ length: 100 }, () => '40');
    await fetch(`${engine}&sid=${sid}`, { method: 'POST', headers, body: asked.join('\u001e') });
    // It is closed: the engine knows nothing of it any more.
    await vi.waitFor(async () => expect((await fetch(`${engine}&sid=${sid}`, { headers })).status).toBe(400), 10_000);
    await expectFailure(await connect(patient), 'not_found', 'nope', {});
  });
});

describe('watching a consultation', () => {
  it('tells who is in the call, now and when it changes, until it is no longer watched', async () => {
    const consultationId = await server.appointment(doctor, patient);
    const cookie = await server.signIn(patient);
    await server.call('POST', `/api/consultations/${consultationId}/join`, { cookie });
    const socket = await connect(doctor);
    const watched = await socket.request('consultation.watch', { consultationId });
    expect(watched).toEqual({ ok: true, data: { consultationId, people: [] } });

    const person = { peerId: randomUUID(), participantId: patient.id, name: patient.name, party: 'patient' as const };
    const told = socket.next('consultation.presence');
    await server.report({ type: 'peer.joined', room: consultationId, ...person });
    expect(await told).toEqual({ consultationId, people: [{ name: patient.name, party: 'patient' }] });

    expect(await socket.request('consultation.unwatch', { consultationId })).toEqual({ ok: true, data: {} });
    const count = socket.count('consultation.presence');
    await server.report({ type: 'peer.left', room: consultationId, ...person, reason: 'left' });
    // An acknowledged request after it: an event would have come first.
    await socket.request('consultation.unwatch', { consultationId });
    expect(count()).toBe(0);
  });

  it('is for its parties only (R31)', async () => {
    const consultationId = await server.appointment(doctor, patient);
    await expectFailure(await connect(colleague), 'forbidden', 'consultation.watch', { consultationId });
    await expectFailure(await connect(await server.person('staff', 'Sam')), 'forbidden', 'consultation.watch', {
      consultationId,
    });
    const unknown = { consultationId: '0123456789abcdef01234567' };
    await expectFailure(await connect(doctor), 'not_found', 'consultation.watch', unknown);
  });

  it('ends for a colleague who is taken out', async () => {
    const consultationId = await server.appointment(doctor, patient);
    const cookie = await server.signIn(doctor);
    const path = `/api/appointments/${consultationId}/colleagues`;
    await server.call('POST', path, { cookie, body: { doctorId: colleague.id } });
    await server.call('POST', `/api/consultations/${consultationId}/join`, { cookie });
    const socket = await connect(colleague);
    expect(await socket.request('consultation.watch', { consultationId })).toMatchObject({ ok: true });
    const changed = socket.next('appointment.changed');
    await server.call('DELETE', `${path}/${colleague.id}`, { cookie });
    await changed;
    const count = socket.count('consultation.presence');
    const person = { peerId: randomUUID(), participantId: patient.id, name: patient.name, party: 'patient' as const };
    await server.report({ type: 'peer.joined', room: consultationId, ...person });
    await socket.request('consultation.unwatch', { consultationId });
    expect(count()).toBe(0);
  });

  it('of more than a hundred at once is refused', async () => {
    const socket = await connect(doctor);
    for (let n = 0; n < 100; n += 1) {
      const consultationId = await server.appointment(doctor, patient);
      // Faster than a socket may ask: what is refused for that is asked again.
      await vi.waitFor(async () => {
        expect(await socket.request('consultation.watch', { consultationId })).toMatchObject({ ok: true });
      }, 5000);
    }
    const consultationId = await server.appointment(doctor, patient);
    await vi.waitFor(() => expectFailure(socket, 'limit_exceeded', 'consultation.watch', { consultationId }), 5000);
  });
});

describe('changes of an appointment', () => {
  it('are told to all its parties, and to nobody else', async () => {
    const appointmentId = await server.appointment(doctor, patient);
    const cookie = await server.signIn(doctor);
    const [own, theirs, added] = [await connect(doctor), await connect(patient), await connect(colleague)];
    const stranger = await connect(await server.person('patient', 'Pat Stranger'));
    const strange = stranger.count('appointment.changed');
    const everybody = () => Promise.all([own, theirs, added].map((socket) => socket.next('appointment.changed')));

    const path = `/api/appointments/${appointmentId}/colleagues`;
    const steps = [
      () => server.call('POST', path, { cookie, body: { doctorId: colleague.id } }),
      () => server.call('DELETE', `${path}/${colleague.id}`, { cookie }),
    ];
    for (const step of steps) {
      const told = everybody();
      expect((await step()).status).toBe(200);
      expect(await told).toEqual([{ appointmentId }, { appointmentId }, { appointmentId }]);
    }
    const closed = Promise.all([own, theirs].map((socket) => socket.next('appointment.changed')));
    expect((await server.call('POST', `/api/consultations/${appointmentId}/close`, { cookie })).status).toBe(200);
    await closed;
    await stranger.raw('nothing', {});
    expect(strange()).toBe(0);
  });
});

describe('the end of a session (A4)', () => {
  it('by signing out says good-bye to its sockets and closes them, and only them', async () => {
    const [cookie, otherCookie] = [await server.signIn(patient), await server.signIn(patient)];
    const [socket, other] = [await connectWith(cookie), await connectWith(otherCookie)];
    const [ended, gone] = [socket.next('session.ended'), socket.next('disconnect')];
    await server.call('POST', '/api/auth/logout', { cookie });
    expect(await ended).toEqual({});
    await gone;
    await expectFailure(other, 'not_found', 'nothing', {});
  });

  it('is noticed within 5 s also when nobody could tell: who ended it died right after', async () => {
    const socket = await connect(patient);
    const ended = socket.next('session.ended');
    const endedAt = performance.now();
    await server.database.connection.collection('sessions').deleteMany({});
    await ended;
    expect(performance.now() - endedAt).toBeLessThan(5000);
  });

  it('after its lifetime is noticed too', async () => {
    const socket = await connect(patient);
    const now = server.clock.now();
    server.clock.set(now + SESSION_LIFETIME_MS);
    const consultationId = '0123456789abcdef01234567';
    await expectFailure(socket, 'unauthenticated', 'consultation.watch', { consultationId });
    server.clock.set(now);
  });
});

describe('hostile messages (A9, A15)', () => {
  const HOSTILE: readonly unknown[] = [
    undefined,
    null,
    42,
    'text',
    [],
    [{}],
    {},
    { consultationId: { $ne: null } },
    { consultationId: ['0123456789abcdef01234567'] },
    { consultationId: 'x'.repeat(1000) },
    { consultationId: '0123456789abcdef01234567', more: 1 },
    JSON.parse('{"consultationId":"0123456789abcdef01234567","__proto__":{"role":"administrator"}}'),
    Buffer.from('binary'),
  ];

  it('are refused with a code and harm nobody', async () => {
    const socket = await connect(doctor);
    for (const payload of HOSTILE) {
      await expectFailure(socket, 'validation_failed', 'consultation.watch', payload);
      await expectFailure(socket, 'validation_failed', 'consultation.unwatch', payload);
    }
    const good = { consultationId: '0123456789abcdef01234567' };
    await expectFailure(socket, 'validation_failed', 'consultation.watch');
    await expectFailure(socket, 'validation_failed', 'consultation.watch', good, good);
    for (const name of ['nope', '__proto__', 'constructor', 'toString', 'consultation.presence']) {
      await expectFailure(socket, 'not_found', name, good);
    }
  });

  it('without acknowledgement are dropped', async () => {
    const socket = await connect(doctor);
    for (const name of ['consultation.watch', 'nope']) {
      for (const payload of HOSTILE) socket.socket.emit(name, payload);
    }
    await expectFailure(socket, 'not_found', 'nope', {});
    expect(socket.socket.connected).toBe(true);
  });

  it('without acknowledgement count like all others: who floods with them is disconnected, and nobody else', async () => {
    const [sender, bystander] = [await connect(doctor), await connect(patient)];
    const gone = sender.next('disconnect');
    for (let sent = 0; sent < REQUEST_BURST + MAX_REFUSALS + 100; sent += 1) sender.socket.emit('nope', {});
    await gone;
    await expectFailure(bystander, 'not_found', 'nope', {});
  });

  it('of more than 64 KB close the socket of the sender alone', async () => {
    const [sender, bystander] = [await connect(doctor), await connect(patient)];
    const gone = sender.next('disconnect');
    sender.socket.emit('consultation.watch', { consultationId: 'x'.repeat(70_000) }, () => undefined);
    await gone;
    await expectFailure(bystander, 'not_found', 'nope', {});
  });
});
