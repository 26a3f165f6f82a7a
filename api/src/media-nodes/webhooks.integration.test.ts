import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { appRequests, HEARTBEAT_TIMEOUT_MS, type CallPresence, type WebhookEvent } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let socket: AppSocketClient;
let room: string;

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Own');
  patient = await server.person('patient', 'Pat One');
  doctorCookie = await server.signIn(doctor);
  socket = await AppSocketClient.connect(server.url, doctorCookie);
});
afterAll(async () => {
  socket.close();
  await server.close();
});

beforeEach(async () => {
  await server.report(server.node.heartbeat());
  room = await server.appointment(doctor, patient);
  await server.call('POST', `/api/consultations/${room}/join`, { cookie: doctorCookie });
});

afterEach(() => socket.request('consultation.unwatch', { consultationId: room }));

/** Who is in the call, as a party is told. */
async function present(): Promise<string[]> {
  const answer = await socket.request('consultation.watch', { consultationId: room });
  const presence: CallPresence = appRequests['consultation.watch'].response.parse(answer.ok ? answer.data : answer);
  return presence.people.map(({ name }) => name);
}

const inRoom = (person: Person, peerId: string) => ({
  room,
  peerId,
  participantId: person.id,
  name: person.name,
  party: person.role === 'doctor' ? ('doctor' as const) : ('patient' as const),
});
const joined = (person: Person, peerId: string): WebhookEvent => ({ ...inRoom(person, peerId), type: 'peer.joined' });
const left = (person: Person, peerId: string): WebhookEvent => ({
  ...inRoom(person, peerId),
  type: 'peer.left',
  reason: 'left',
});

describe('what a media node reports', () => {
  it('is believed when it is signed for exactly this body', async () => {
    const body = JSON.stringify(server.node.delivery(server.node.heartbeat()));
    const other = JSON.stringify(server.node.delivery(server.node.heartbeat()));
    const post = (authorization: string | undefined) =>
      server.call('POST', '/api/media/webhooks', {
        body,
        headers: authorization === undefined ? {} : { authorization },
      });
    const { node } = server;
    const foreignKey = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    const now = Math.floor(server.clock.now() / 1000);
    const forged = [
      undefined,
      '',
      'Bearer',
      'Bearer x.y.z',
      // A payload that is no JSON makes the library throw another kind of error.
      `Bearer ${['{"alg":"ES256","typ":"JWT"}', 'no json', 'x'].map((part) => Buffer.from(part).toString('base64url')).join('.')}`,
      `Basic ${node.sign(body)}`,
      `Bearer ${node.sign(other)}`,
      `Bearer ${node.sign(body, {}, foreignKey)}`,
      `Bearer ${node.sign(body, { aud: 'media-control' })}`,
      `Bearer ${node.sign(body, { iss: 'health-connect-api' })}`,
      `Bearer ${node.sign(body, { iat: now - 60, exp: now - 30 })}`,
      `Bearer ${node.sign(body, { exp: now + 3600 })}`,
      `Bearer ${node.sign(body, { jti: 'once' })}`,
      `Bearer ${node.sign(body, { extra: 1 })}`,
    ];
    for (const authorization of forged) await expectRefusal(await post(authorization), 401, 'unauthenticated');
    expect((await post(`Bearer ${node.sign(body)}`)).status).toBe(202);
  });

  it('counts once, however often and however many at once it is delivered', async () => {
    const peerId = randomUUID();
    const delivery = server.node.delivery(joined(patient, peerId));
    const answers = await Promise.all(Array.from({ length: 8 }, () => server.deliver(delivery)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 202));
    expect(await present()).toEqual([patient.name]);
    await server.report(left(patient, peerId));
    expect((await server.deliver(delivery)).status).toBe(202);
    expect(await present()).toEqual([]);
  });
});

describe('presence (R2)', () => {
  it('follows who comes and goes', async () => {
    const [one, two] = [randomUUID(), randomUUID()];
    await server.report(joined(doctor, one));
    await server.report(joined(patient, two));
    expect(await present()).toEqual([doctor.name, patient.name]);
    await server.report(left(doctor, one));
    expect(await present()).toEqual([patient.name]);
  });

  it('names somebody once who came back before their former place was given up', async () => {
    const [former, present2] = [randomUUID(), randomUUID()];
    await server.report(joined(patient, former));
    await server.report(joined(patient, present2));
    expect(await present()).toEqual([patient.name]);
    await server.report(left(patient, former));
    expect(await present()).toEqual([patient.name]);
  });

  it('is right when the events come in the wrong order', async () => {
    const peerId = randomUUID();
    const [entry, exit] = [server.node.delivery(joined(patient, peerId)), server.node.delivery(left(patient, peerId))];
    for (const delivery of [exit, entry]) expect((await server.deliver(delivery)).status).toBe(202);
    expect(await present()).toEqual([]);

    const late = server.node.delivery(joined(patient, randomUUID()));
    await server.report({ type: 'room.emptied', room });
    expect((await server.deliver(late)).status).toBe(202);
    expect(await present()).toEqual([]);
    await server.report(joined(patient, randomUUID()));
    expect(await present()).toEqual([patient.name]);
  });

  it('is empty after the room was, and after its worker died', async () => {
    const ends: WebhookEvent[] = [
      { type: 'room.emptied', room },
      { type: 'worker.died', rooms: [room] },
    ];
    for (const event of ends) {
      await server.report(joined(patient, randomUUID()));
      expect(await present()).toEqual([patient.name]);
      await server.report(event);
      expect(await present()).toEqual([]);
    }
  });

  it('is wiped when the node runs as a new process; what the old one still says is not believed', async () => {
    await server.report(joined(patient, randomUUID()));
    const before = server.node.startedAt;
    server.clock.advance(1000);
    server.node.startedAt = new Date(server.clock.now());
    await server.report(server.node.heartbeat());
    expect(await present()).toEqual([]);
    await server.report(joined(doctor, randomUUID()), { nodeStartedAt: before.toISOString() });
    expect(await present()).toEqual([]);
    await server.report(joined(doctor, randomUUID()));
    expect(await present()).toEqual([doctor.name]);
  });

  it('is wiped when the node falls silent, and watchers are told', async () => {
    await server.report(joined(patient, randomUUID()));
    expect(await present()).toEqual([patient.name]);
    server.clock.advance(HEARTBEAT_TIMEOUT_MS + 1);
    expect(await present()).toEqual([]);
    const told = socket.next('consultation.presence');
    await server.application.sweep();
    expect(await told).toEqual({ consultationId: room, people: [] });
  });

  it('is not changed by a room that no node of ours holds', async () => {
    await server.report(joined(patient, randomUUID()), { nodeId: 'foreign-node' });
    expect(await present()).toEqual([]);
  });
});
