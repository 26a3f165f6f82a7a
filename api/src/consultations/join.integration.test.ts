import { createPublicKey } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import {
  HEARTBEAT_TIMEOUT_MS,
  joinGrantSchema,
  joinTokenSchema,
  MEDIA_PROTOCOL_VERSION,
  type JoinGrant,
  type JoinTokenClaims,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_COLLEAGUES } from '../appointments/party.ts';
import { newId } from '../database/ids.ts';
import { appointmentOf, expectRefusal } from '../testing/answers.ts';
import { CAPABILITIES } from '../testing/node-stand-in.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { RoomRepository } from './room.repository.ts';

const MINUTE_MS = 60_000;
/** For what comes after some rounds. */
const WITHIN_MS = 20_000;

let server: TestServer;
let doctor: Person;
let patient: Person;
let colleague: Person;
let cookies: Record<string, string>;

beforeAll(async () => {
  server = await TestServer.start({ HC_MEDIA_PUBLIC_URL: 'https://media.test.example' });
  doctor = await server.person('doctor', 'Dr. Own');
  patient = await server.person('patient', 'Pat One');
  colleague = await server.person('doctor', 'Dr. Colleague');
  cookies = {
    doctor: await server.signIn(doctor),
    patient: await server.signIn(patient),
    colleague: await server.signIn(colleague),
    strangerDoctor: await server.signIn(await server.person('doctor', 'Dr. Stranger')),
    strangerPatient: await server.signIn(await server.person('patient', 'Pat Stranger')),
    staff: await server.signIn(await server.person('staff', 'Sam Staff')),
    administrator: await server.signIn(await server.person('administrator', 'Ada Admin')),
  };
});
afterAll(() => server.close());

beforeEach(async () => {
  server.node.failing = false;
  server.node.draining = false;
  await server.report(server.node.heartbeat());
});

const join = (who: string, id: string) =>
  server.call('POST', `/api/consultations/${id}/join`, { cookie: cookies[who] });
const close = (who: string, id: string) =>
  server.call('POST', `/api/consultations/${id}/close`, { cookie: cookies[who] });

async function grantOf(response: Response): Promise<JoinGrant> {
  expect(response.status).toBe(200);
  return joinGrantSchema.strict().parse(await response.json());
}

async function claimsOf({ token }: JoinGrant): Promise<JoinTokenClaims> {
  const key = createPublicKey(await readFile(server.config.keyFiles.apiPublic, 'utf8'));
  const clockTimestamp = Math.floor(server.clock.now() / 1000);
  return joinTokenSchema.parse(jwt.verify(token, key, { algorithms: ['ES256'], clockTimestamp }));
}

async function entered(room: string, { peerId }: JoinGrant, person: Person, party: 'doctor' | 'patient' | 'colleague') {
  await server.report({ type: 'peer.joined', room, peerId, participantId: person.id, name: person.name, party });
}

describe('a place in the call', () => {
  it('is given to doctor, patient and added colleagues, with what the token schema says', async () => {
    const id = await server.appointment(doctor, patient);
    await server.call('POST', `/api/appointments/${id}/colleagues`, {
      cookie: cookies['doctor'],
      body: { doctorId: colleague.id },
    });
    for (const [party, person] of Object.entries({ doctor, patient, colleague })) {
      const grant = await grantOf(await join(party, id));
      expect(grant).toMatchObject({
        url: 'https://media.test.example',
        protocolVersion: MEDIA_PROTOCOL_VERSION,
        iceServers: [],
        routerRtpCapabilities: CAPABILITIES,
      });
      const claims = await claimsOf(grant);
      expect(claims).toMatchObject({
        room: id,
        peerId: grant.peerId,
        participantId: person.id,
        name: person.name,
        party,
        node: server.node.nodeId,
        grants: {
          publish: ['microphone', 'camera', 'screen', 'screenAudio'],
          receive: true,
          moderate: party === 'doctor',
        },
      });
      expect(claims.exp - claims.iat).toBeLessThanOrEqual(60);
    }
  });

  it('is another one each time', async () => {
    const id = await server.appointment(doctor, patient);
    const [one, two] = [await grantOf(await join('doctor', id)), await grantOf(await join('doctor', id))];
    expect(one.peerId).not.toBe(two.peerId);
    expect((await claimsOf(one)).jti).not.toBe((await claimsOf(two)).jti);
  });

  it('is refused by 403 to everybody else, without a token', async () => {
    const id = await server.appointment(doctor, patient);
    for (const who of ['strangerDoctor', 'strangerPatient', 'colleague', 'staff', 'administrator']) {
      const response = await join(who, id);
      expect(await response.clone().text()).not.toContain('eyJ');
      await expectRefusal(response, 403, 'forbidden');
    }
    await expectRefusal(await server.call('POST', `/api/consultations/${id}/join`), 401, 'unauthenticated');
  });

  it('is not found where there is no appointment', async () => {
    await expectRefusal(await join('doctor', '0123456789abcdef01234567'), 404, 'not_found');
  });
});

describe('the door', () => {
  it('opens 30 minutes before the start, to the millisecond', async () => {
    const id = await server.appointment(doctor, patient, 31);
    const now = server.clock.now();
    server.clock.set(now + MINUTE_MS - 1);
    await expectRefusal(await join('patient', id), 403, 'consultation_early');
    await expectRefusal(await close('doctor', id), 409, 'change_not_allowed');
    server.clock.set(now + MINUTE_MS);
    await server.report(server.node.heartbeat());
    await grantOf(await join('patient', id));
    server.clock.set(now);
  });

  it('stays open after the end until it is closed', async () => {
    await grantOf(await join('patient', await server.appointment(doctor, patient, -600)));
  });

  it('is shut for what is not scheduled', async () => {
    const of = (status: 'pending' | 'completed' | 'cancelled' | 'rescheduled') =>
      server.appointment(doctor, patient, 0, { status });
    await expectRefusal(await join('patient', await of('pending')), 403, 'consultation_early');
    for (const status of ['completed', 'cancelled', 'rescheduled'] as const) {
      await expectRefusal(await join('patient', await of(status)), 409, 'consultation_closed');
    }
  });
});

describe('closing', () => {
  it('is for its own doctor; completes the appointment, ends the call and shuts the door', async () => {
    const id = await server.appointment(doctor, patient);
    await grantOf(await join('patient', id));
    for (const who of ['strangerDoctor', 'colleague', 'patient'])
      await expectRefusal(await close(who, id), 403, 'forbidden');
    const appointment = await appointmentOf(await close('doctor', id));
    expect(appointment).toMatchObject({ status: 'completed', door: { state: 'closed' } });
    expect(server.node.commands).toContain(`POST /control/rooms/${id}/close`);
    await expectRefusal(await join('patient', id), 409, 'consultation_closed');
    await expectRefusal(await join('doctor', id), 409, 'consultation_closed');
    await expectRefusal(await close('doctor', id), 409, 'change_not_allowed');
  });

  it('ten times at once happens once', async () => {
    const id = await server.appointment(doctor, patient);
    const statuses = (await Promise.all(Array.from({ length: 10 }, () => close('doctor', id)))).map(
      ({ status }) => status,
    );
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 409)).toHaveLength(9);
  });

  it('is not found where there is no appointment', async () => {
    await expectRefusal(await close('doctor', '0123456789abcdef01234567'), 404, 'not_found');
  });

  it('reaches a node that could not be told at first', async () => {
    const id = await server.appointment(doctor, patient);
    await grantOf(await join('patient', id));
    server.node.failing = true;
    expect((await appointmentOf(await close('doctor', id))).status).toBe('completed');
    server.node.failing = false;
    expect(server.node.commands).not.toContain(`POST /control/rooms/${id}/close`);
    await server.application.sweep();
    expect(server.node.commands).toContain(`POST /control/rooms/${id}/close`);
    const told = server.node.commands.length;
    await server.application.sweep();
    expect(server.node.commands).toHaveLength(told);
  });

  it('keeps that of no other call waiting when it cannot be carried out', async () => {
    const { nodeId, startedAt, stuckRooms, commands } = server.node;
    const rooms = RoomRepository.create(server.database.connection);
    for (let stuck = 0; stuck < 25; stuck += 1) {
      const room = newId();
      stuckRooms.add(room);
      await rooms.claim(room, { id: nodeId, startedAt });
      await rooms.order(room, { kind: 'close' });
    }
    const id = await server.appointment(doctor, patient);
    await grantOf(await join('patient', id));
    stuckRooms.add(id);
    expect((await close('doctor', id)).status).toBe(200);
    stuckRooms.delete(id);
    await vi.waitFor(async () => {
      await server.application.sweep();
      expect(commands).toContain(`POST /control/rooms/${id}/close`);
    }, WITHIN_MS);
    stuckRooms.clear();
    await vi.waitFor(async () => {
      await server.application.sweep();
      expect(await rooms.withOrders(1)).toEqual([]);
    }, WITHIN_MS);
  });

  it('waits for a node that is merely silent, for the call may go on there', async () => {
    const id = await server.appointment(doctor, patient);
    await grantOf(await join('patient', id));
    server.clock.advance(HEARTBEAT_TIMEOUT_MS + 1);
    expect((await appointmentOf(await close('doctor', id))).status).toBe('completed');
    expect(server.node.commands).not.toContain(`POST /control/rooms/${id}/close`);
    await server.report(server.node.heartbeat());
    await server.application.sweep();
    expect(server.node.commands).toContain(`POST /control/rooms/${id}/close`);
  });

  it('ends also a stay that began with a token from just before', async () => {
    const id = await server.appointment(doctor, patient);
    const grant = await grantOf(await join('patient', id));
    await close('doctor', id);
    server.node.commands.length = 0;
    await entered(id, grant, patient, 'patient');
    expect(server.node.commands).toEqual([`POST /control/rooms/${id}/close`]);
  });
});

describe('a colleague who is taken out', () => {
  it('leaves the running call and gets no further token', async () => {
    const id = await server.appointment(doctor, patient);
    const body = { doctorId: colleague.id };
    const path = `/api/appointments/${id}/colleagues`;
    await server.call('POST', path, { cookie: cookies['doctor'], body });
    const grant = await grantOf(await join('colleague', id));
    await entered(id, grant, colleague, 'colleague');
    await server.call('DELETE', `${path}/${colleague.id}`, { cookie: cookies['doctor'] });
    const removal = `POST /control/rooms/${id}/participants/${colleague.id}/remove`;
    expect(server.node.commands).toContain(removal);
    await expectRefusal(await join('colleague', id), 403, 'forbidden');

    server.node.commands.length = 0;
    await entered(id, { ...grant, peerId: crypto.randomUUID() }, colleague, 'colleague');
    expect(server.node.commands).toEqual([removal]);
  });

  it('and added again before the node could be told may stay', async () => {
    const id = await server.appointment(doctor, patient);
    const path = `/api/appointments/${id}/colleagues`;
    const body = { doctorId: colleague.id };
    await server.call('POST', path, { cookie: cookies['doctor'], body });
    await grantOf(await join('colleague', id));
    server.node.failing = true;
    await server.call('DELETE', `${path}/${colleague.id}`, { cookie: cookies['doctor'] });
    await server.call('POST', path, { cookie: cookies['doctor'], body });
    server.node.failing = false;
    server.node.commands.length = 0;
    await server.application.sweep();
    expect(server.node.commands).toEqual([]);
    await grantOf(await join('colleague', id));
  });

  it('still leaves where there is no room to add them again', async () => {
    const id = await server.appointment(doctor, patient);
    const path = `/api/appointments/${id}/colleagues`;
    const add = (doctorId: string) => server.call('POST', path, { cookie: cookies['doctor'], body: { doctorId } });
    await add(colleague.id);
    await entered(id, await grantOf(await join('colleague', id)), colleague, 'colleague');
    server.node.failing = true;
    await server.call('DELETE', `${path}/${colleague.id}`, { cookie: cookies['doctor'] });
    const crowd = Array.from({ length: MAX_COLLEAGUES }, (_none, n) => server.person('doctor', `Dr. Crowd ${n}`));
    for (const person of await Promise.all(crowd)) expect((await add(person.id)).status).toBe(200);
    await expectRefusal(await add(colleague.id), 429, 'limit_exceeded');
    server.node.failing = false;
    server.node.commands.length = 0;
    await server.application.sweep();
    expect(server.node.commands).toContain(`POST /control/rooms/${id}/participants/${colleague.id}/remove`);
  });
});

describe('the home of a room', () => {
  it('is claimed once by many at once', async () => {
    const id = await server.appointment(doctor, patient);
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_none, n) => join(n % 2 === 0 ? 'doctor' : 'patient', id)),
    );
    for (const response of answers) await grantOf(response);
    expect(
      await server.database.connection.collection('rooms').countDocuments({ nodeId: server.node.nodeId }),
    ).toBeGreaterThan(0);
    const rooms = await server.database.connection.collection('rooms').find().toArray();
    expect(rooms.filter(({ _id }) => String(_id) === id)).toHaveLength(1);
  });

  it('moves to the node that lives', async () => {
    const id = await server.appointment(doctor, patient);
    await grantOf(await join('doctor', id));
    const other = { nodeId: 'another-node', nodeStartedAt: new Date(server.clock.now() + 1000).toISOString() };
    await server.report(server.node.heartbeat(), other);
    expect((await claimsOf(await grantOf(await join('doctor', id)))).node).toBe('another-node');
    server.clock.advance(HEARTBEAT_TIMEOUT_MS + 1);
    await server.report(server.node.heartbeat());
    expect((await claimsOf(await grantOf(await join('doctor', id)))).node).toBe(server.node.nodeId);
  });

  it('is not opened on a draining node, which keeps the calls it has', async () => {
    const [running, fresh] = [await server.appointment(doctor, patient), await server.appointment(doctor, patient, 1)];
    await entered(running, await grantOf(await join('doctor', running)), doctor, 'doctor');
    server.node.draining = true;
    await server.report(server.node.heartbeat());
    await grantOf(await join('patient', running));
    await expectRefusal(await join('patient', fresh), 503, 'draining');
  });

  it('is asked of the node when nothing was heard of it, and media_unavailable when it does not answer', async () => {
    const id = await server.appointment(doctor, patient);
    server.clock.advance(HEARTBEAT_TIMEOUT_MS + 1);
    server.node.commands.length = 0;
    await grantOf(await join('doctor', id));
    expect(server.node.commands).toEqual(['GET /control/status']);
    server.clock.advance(HEARTBEAT_TIMEOUT_MS + 1);
    server.node.failing = true;
    await expectRefusal(await join('doctor', id), 503, 'media_unavailable');
  });
});
