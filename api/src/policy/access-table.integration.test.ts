import { randomUUID } from 'node:crypto';
import * as contract from '@health-connect/contract';
import {
  appRequests,
  endpoints,
  errorBodySchema,
  fillPath,
  HOLD_EXTENSIONS,
  SLOT_NAMESPACE,
  slotRequests,
  type Endpoint,
  type SocketRequest,
} from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import sharp from 'sharp';
import { z } from 'zod';
import { AppSocketClient, HandshakeRefused } from '../testing/app-socket-client.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';
import { toStoredId } from '../database/ids.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { KEPT_OUT, type EndpointIds } from './access-probe.ts';
import { ACCESS_TABLE, type AccessRow, type Caller, type Row } from './access-table.ts';

const CALLERS = ['visitor', 'patient', 'doctor', 'colleague', 'pending', 'staff', 'administrator'] as const;
const ABSENT = 'f'.repeat(24);

let server: TestServer;
const people = new Map<Caller, Person>();
let stranger: { doctor: Person; patient: Person };
let desk: BookingDesk;
let keeper: Person;

const personOf = (caller: Caller): Person => {
  const person = people.get(caller);
  if (person === undefined) throw new Error(`${caller} is nobody`);
  return person;
};

beforeAll(async () => {
  server = await TestServer.start();
  await server.report(server.node.heartbeat());
  for (const [caller, role] of [
    ['patient', 'patient'],
    ['doctor', 'doctor'],
    ['colleague', 'doctor'],
    ['pending', 'doctor'],
    ['staff', 'staff'],
    ['administrator', 'administrator'],
  ] as const) {
    people.set(caller, await server.person(role, `The ${caller}`));
  }
  const accounts = server.database.connection.collection('accounts');
  await accounts.updateOne(
    { _id: toStoredId(personOf('pending').id) },
    { $set: { approvedAt: null, status: 'pending' } },
  );
  desk = BookingDesk.create(server);
  keeper = await desk.doctor('Dr. Slot');
  stranger = { doctor: await server.person('doctor', 'Strange'), patient: await server.person('patient', 'Unknown') };
});
afterAll(() => server.close());

/** A fresh appointment each time: some routes change what they are asked for. */
async function idsFor(caller: Caller, whose: 'own' | 'other'): Promise<EndpointIds> {
  const own = whose === 'own' && caller !== 'visitor';
  const doctor = own ? personOf(caller === 'pending' ? 'pending' : 'doctor') : stranger.doctor;
  const patient = own ? personOf('patient') : stranger.patient;
  const appointmentId = await server.appointment(doctor, patient, 0);
  const doctorId = own ? personOf('colleague').id : personOf('doctor').id;
  const appointments = AppointmentRepository.create(server.database.connection);
  if (own) {
    await server.database.transaction((transaction) =>
      appointments.addColleague(
        { id: appointmentId, doctorId: doctor.id, patientId: patient.id },
        doctorId,
        14,
        transaction,
      ),
    );
  }
  const account = own ? personOf(caller) : stranger.patient;
  const sessions = server.database.connection.collection('sessions');
  const mine = { accountId: toStoredId(account.id) };
  if ((await sessions.findOne(mine)) === null) await server.signIn(account);
  const session = await sessions.findOne(mine);
  const ids = { appointmentId, consultationId: appointmentId, doctorId, patientId: patient.id, accountId: account.id };
  // Administrators change accounts for good: others' are used once.
  const accountId = own ? ids.accountId : (await server.person('patient', 'Throwaway')).id;
  const role = caller === 'visitor' ? 'patient' : personOf(caller).role;
  const made = {
    sessionId: String(session?._id),
    invitationId: ABSENT,
    messageId: ABSENT,
    avatarId: ABSENT,
    holdId: ABSENT,
  };
  return { ...ids, ...made, accountId, role };
}

const cookieOf = async (caller: Caller): Promise<string | undefined> =>
  caller === 'visitor' ? undefined : server.signIn(personOf(caller));

/** @returns the code of the refusal, or `ok` */
async function ask(endpoint: Endpoint, caller: Caller, whose: 'own' | 'other', row: Row | undefined): Promise<string> {
  const known = await idsFor(caller, whose);
  const ids = {
    ...known,
    ...(endpoint.path.includes(':invitationId') ? { invitationId: await invitation() } : {}),
    ...(endpoint.path.includes(':avatarId') ? { avatarId: await avatarOf(known.patientId) } : {}),
    ...(endpoint.path.includes(':holdId') ? { holdId: await holdOf(known.patientId) } : {}),
  };
  const cookie = await cookieOf(caller);
  if (endpoint.upload !== undefined) return codeOf(await upload(cookie));
  const body = row?.body?.(ids) ?? (endpoint.access.kind === 'media-node' ? {} : undefined);
  const query = row?.query === undefined ? '' : `?${new URLSearchParams(row.query()).toString()}`;
  const path = fillPath(endpoint.path, { ...ids }) + query;
  const response = await server.call(endpoint.method, path, { cookie, body });
  const code = await codeOf(response);
  return code === 'ok' && (await isHeldAsBefore(ids.holdId)) ? 'hold_ended' : code;
}

async function codeOf(response: Response): Promise<string> {
  return response.ok ? 'ok' : errorBodySchema.parse(await response.json()).error.code;
}

const patientOf = (patientId: string): Person => {
  const patient = [personOf('patient'), stranger.patient].find(({ id }) => id === patientId);
  if (patient === undefined) throw new Error('Nobody has this id');
  return patient;
};

/** A slot that is kept for a patient. */
async function holdOf(patientId: string): Promise<string> {
  const patient = patientOf(patientId);
  const { startsAt } = desk.slot(3, patient === stranger.patient ? 1 : 0);
  const body = { doctorId: keeper.id, startsAt: startsAt.toISOString() };
  const response = await desk.post(await server.signIn(patient), '/api/holds', body);
  return z.object({ hold: z.object({ id: z.string() }) }).parse(await response.json()).hold.id;
}

/** Whether a hold stands as it was made: nobody has prolonged it or given it back. */
async function isHeldAsBefore(holdId: string): Promise<boolean> {
  const hold = await server.database.connection.collection('holds').findOne({ holdId: toStoredId(holdId) });
  return hold?.['extensionsLeft'] === HOLD_EXTENSIONS;
}

/** An invitation that an administrator can still take back. */
async function invitation(): Promise<string> {
  const body = { role: 'staff', email: `invited.${randomUUID()}@test.example` };
  const response = await server.call('POST', '/api/admin/invitations', {
    cookie: await cookieOf('administrator'),
    body,
  });
  return z.object({ invitation: z.object({ id: z.string() }) }).parse(await response.json()).invitation.id;
}

/** A new picture of a patient. */
async function avatarOf(patientId: string): Promise<string> {
  const answer = await upload(await server.signIn(patientOf(patientId)));
  return z.object({ avatarId: z.string() }).parse(await answer.json()).avatarId;
}

async function upload(cookie: string | undefined): Promise<Response> {
  const picture = sharp({ create: { width: 64, height: 64, channels: 3, background: '#0a7' } }).png();
  const headers = { 'content-type': 'image/png', ...(cookie === undefined ? {} : { cookie }) };
  return fetch(`${server.url}/api/profile/avatar`, {
    method: 'PUT',
    headers,
    body: new Uint8Array(await picture.toBuffer()),
  });
}

async function askSocket(
  { name, namespace }: ServedRequest,
  caller: Caller,
  whose: 'own' | 'other',
  body: Row['body'],
): Promise<string> {
  const ids = await idsFor(caller, whose);
  const cookie = await cookieOf(caller);
  try {
    const client = await AppSocketClient.connect(server.url + namespace, cookie, { origin: PUBLIC_URL });
    const answer = await client.raw(name, body?.(ids));
    client.close();
    return answer.ok ? 'ok' : answer.error.code;
  } catch (error) {
    if (error instanceof HandshakeRefused) return error.message;
    throw error;
  }
}

const cases = (['own', 'other'] as const).flatMap((whose) => CALLERS.map((caller) => ({ caller, whose })));

/** Who got through, as the table says it. */
async function walk(probe: (caller: Caller, whose: 'own' | 'other') => Promise<string>) {
  const through: { own: Caller[]; other: Caller[] } = { own: [], other: [] };
  for (const { caller, whose } of cases) {
    const code = await probe(caller, whose);
    expect(['internal', 'unavailable'], `${caller} with ${whose} ids`).not.toContain(code);
    if (code === 'validation_failed') throw new Error(`The row needs a valid body: ${caller} with ${whose} ids`);
    if (!KEPT_OUT.includes(code)) through[whose].push(caller);
  }
  return through;
}

const areas: readonly Readonly<Record<string, Endpoint>>[] = Object.values(endpoints);
const declared = new Map(
  areas.flatMap((area) => Object.values(area)).map((endpoint) => [`${endpoint.method} ${endpoint.path}`, endpoint]),
);
/** A request of one of the sockets. */
interface ServedRequest {
  readonly name: string;
  readonly namespace: string;
  readonly request: SocketRequest;
}

/** The sockets of this server and their requests. Those of the media server are no part of this table. */
const SOCKETS: readonly { readonly requests: Readonly<Record<string, SocketRequest>>; readonly namespace: string }[] = [
  { requests: appRequests, namespace: '' },
  { requests: slotRequests, namespace: SLOT_NAMESPACE },
];
const OF_MEDIA_SERVERS: readonly unknown[] = [contract.controlRequests, contract.mediaRequests];
const requests: readonly ServedRequest[] = SOCKETS.flatMap(({ requests: each, namespace }) =>
  Object.entries(each).map(([name, request]) => ({ name, namespace, request })),
);
const isRow = (row: AccessRow): row is Row => typeof row === 'object';
const rowOf = (name: string): AccessRow => {
  const row = ACCESS_TABLE[name];
  if (row === undefined) throw new Error(`${name} has no row in access-table.ts: say who may call it`);
  return row;
};

describe('the access table (A1, R31)', () => {
  it('has a row for every mounted route and socket request, and no other', () => {
    const mounted = server.application.routes.filter((route) => !route.startsWith('HEAD '));
    const expected = [...mounted, ...requests.map(({ name }) => `socket ${name}`)].sort();
    expect(Object.keys(ACCESS_TABLE).sort()).toEqual(expected);
  });

  it('knows every socket that the contract declares', () => {
    const sets = Object.entries(contract).filter(([name]) => name.endsWith('Requests'));
    const walked = [...OF_MEDIA_SERVERS, ...SOCKETS.map((socket) => socket.requests)];
    expect(sets.filter(([, set]) => !walked.includes(set)).map(([name]) => name)).toEqual([]);
  });

  it.each([...declared])('%s', async (name, endpoint) => {
    const row = rowOf(name);
    if (row === 'public') {
      expect(['public', 'visitor']).toContain(endpoint.access.kind);
      return;
    }
    expect(['public', 'visitor']).not.toContain(endpoint.access.kind);
    const expected = isRow(row) ? { own: [...row.own], other: [...row.other] } : { own: [], other: [] };
    const through = await walk((caller, whose) => ask(endpoint, caller, whose, isRow(row) ? row : undefined));
    expect({ own: through.own.sort(), other: through.other.sort() }).toEqual({
      own: expected.own.sort(),
      other: expected.other.sort(),
    });
  });

  it.each(requests)('socket $name', async (served) => {
    const row = rowOf(`socket ${served.name}`);
    if (row === 'media-node') throw new Error('Media nodes have no sockets here');
    expect(served.request.access.kind === 'public').toBe(row === 'public');
    const body = isRow(row) ? row.body : ({ doctorId }: EndpointIds) => ({ doctorId });
    const expected = isRow(row) ? row : { own: CALLERS, other: CALLERS };
    const through = await walk((caller, whose) => askSocket(served, caller, whose, body));
    expect({ own: through.own.sort(), other: through.other.sort() }).toEqual({
      own: [...expected.own].sort(),
      other: [...expected.other].sort(),
    });
  });
});
