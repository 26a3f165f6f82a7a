import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { holdSchema, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { NoteDesk } from '../testing/note-desk.ts';
import { shardedCommands, type ShardedCollection } from '../testing/sharded-commands.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { SHARD_KEYS } from './shard-keys.ts';

const names = Object.entries(SHARD_KEYS);
const DOCUMENTATION = readFileSync(join(import.meta.dirname, '../../../docs/data.md'), 'utf8');

type Who = 'doctor' | 'colleague' | 'patient' | 'administrator';

let server: TestServer;
let desk: BookingDesk;
let notes: NoteDesk;
let people: Readonly<Record<Who, Person>>;
let cookies: Readonly<Record<Who, string>>;
/** A visit of all three. */
let shared: Appointment;
/** A visit of doctor and patient whose door is open. */
let current: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  notes = NoteDesk.create(server);
  people = {
    doctor: await desk.doctor('Doctor'),
    colleague: await desk.doctor('Colleague'),
    patient: await server.person('patient', 'Patient'),
    administrator: await server.person('administrator', 'Administrator'),
  };
  cookies = {
    doctor: await server.signIn(people.doctor),
    colleague: await server.signIn(people.colleague),
    patient: await server.signIn(people.patient),
    administrator: await server.signIn(people.administrator),
  };
  shared = await desk.booked(cookies.patient, people.doctor, desk.slot(2));
  await ok(post('doctor', `/api/appointments/${shared.id}/colleagues`, { doctorId: people.colleague.id }));
  current = await server.appointment(people.doctor, people.patient, 0, { doctorCameAt: new Date() });
  await ok(get('doctor', '/api/appointments/doctor'));
  await server.report(server.node.heartbeat());
});
afterAll(() => server.close());

const get = (who: Who, path: string) => server.call('GET', path, { cookie: cookies[who] });
const post = (who: Who, path: string, body: unknown) => desk.post(cookies[who], path, body);

async function ok(sent: Promise<Response>): Promise<Response> {
  const response = await sent;
  if (!response.ok) throw new Error(`${response.url} ${response.status}: ${await response.text()}`);
  return response;
}

const dateOf = (days: number): string => new Date(server.clock.now() + days * 86_400_000).toISOString().slice(0, 10);

async function hold(day: number, index: number): Promise<string> {
  const startsAt = desk.slot(day, index).startsAt.toISOString();
  const response = await ok(post('patient', '/api/holds', { doctorId: people.doctor.id, startsAt }));
  return z.object({ hold: holdSchema }).parse(await response.json()).hold.id;
}

const change = async (who: Who, { id, version }: Appointment, what: string, more: object): Promise<Appointment> =>
  appointmentOf(await ok(post(who, `/api/appointments/${id}/${what}`, { version, ...more })));

async function moved(before: Appointment): Promise<Appointment> {
  const { date, startTime, endTime, startsAt } = desk.slot(7, 3);
  const time = { date, startTime, endTime, startsAt: startsAt.toISOString() };
  return change('patient', before, 'proposals', { ...time, comment: '', idempotencyKey: randomUUID() });
}

/** What people do all the time, and which collections it is about. */
const HOT: readonly (readonly [string, readonly ShardedCollection[], () => Promise<unknown>])[] = [
  [
    'the slots of a week are looked at',
    ['time_claims'],
    () => ok(get('patient', `/api/doctors/${people.doctor.id}/slots?from=${dateOf(2)}&timeZone=UTC`)),
  ],
  [
    'a time is held, kept longer, exchanged for another one and given back',
    ['time_claims'],
    async () => {
      await ok(post('patient', `/api/holds/${await hold(3, 4)}/extend`, {}));
      await ok(server.call('DELETE', `/api/holds/${await hold(3, 6)}`, { cookie: cookies.patient }));
    },
  ],
  [
    'a held time is booked, and a request that the doctor declines',
    ['appointments', 'care_relations', 'time_claims', 'notifications'],
    async () => {
      await hold(4, 0);
      const request = await desk.booked(cookies.patient, people.doctor, desk.slot(4));
      await change('doctor', request, 'decline', { reason: 'Away' });
    },
  ],
  [
    'a request is confirmed, moved and cancelled',
    ['appointments', 'time_claims', 'reminders', 'notifications'],
    async () => {
      const request = await desk.booked(cookies.patient, people.doctor, desk.slot(5));
      const proposal = await moved(await change('doctor', request, 'confirm', { comment: '' }));
      const agreed = await change('doctor', proposal, 'confirm', { comment: '' });
      await change('patient', agreed, 'cancel', { reason: 'Ill' });
    },
  ],
  [
    'a proposal falls away with what it would replace',
    ['appointments', 'time_claims'],
    async () => {
      const request = await desk.booked(cookies.patient, people.doctor, desk.slot(6));
      await moved(request);
      const asked = await appointmentOf(await ok(get('patient', `/api/appointments/${request.id}`)));
      await change('patient', asked, 'cancel', { reason: 'Ill' });
    },
  ],
  [
    "a patient's appointments are listed",
    ['appointments', 'care_relations'],
    () => ok(get('patient', '/api/appointments/patient')),
  ],
  [
    "a patient's history is read by both sides, with its second page, and the chart by the doctor",
    ['appointments', 'appointments_archive', 'care_relations'],
    async () => {
      const history = `/api/patients/${people.patient.id}/history`;
      await ok(get('patient', history));
      await ok(get('doctor', history));
      await ok(get('doctor', `${history}?cursor=${server.clock.now()}-${shared.id}`));
      await ok(get('doctor', `/api/patients/${people.patient.id}`));
    },
  ],
  [
    "a doctor's day, week and list are read, also by who is a colleague in one of these visits",
    ['appointments', 'care_relations'],
    async () => {
      for (const who of ['doctor', 'colleague'] as const) {
        await ok(get(who, `/api/appointments/day?from=${dateOf(2)}`));
        await ok(get(who, `/api/appointments/day?from=${dateOf(0)}&days=7`));
        await ok(get(who, '/api/appointments/doctor'));
      }
    },
  ],
  [
    'an appointment is opened by each who takes part, with its history and its calendar entry',
    ['appointments'],
    async () => {
      for (const who of ['doctor', 'colleague', 'patient'] as const) {
        await ok(get(who, `/api/appointments/${shared.id}`));
        await ok(get(who, `/api/appointments/${shared.id}/events`));
      }
      await ok(get('patient', `/api/appointments/${shared.id}/calendar`));
    },
  ],
  [
    'a colleague is taken out and added again',
    ['appointments', 'care_relations'],
    async () => {
      const path = `/api/appointments/${shared.id}/colleagues`;
      await ok(server.call('DELETE', `${path}/${people.colleague.id}`, { cookie: cookies.doctor }));
      await ok(post('doctor', path, { doctorId: people.colleague.id }));
    },
  ],
  [
    'a call is joined, and its node tells who came',
    ['appointments'],
    async () => {
      await ok(post('patient', `/api/consultations/${current}/join`, {}));
      const { id: participantId, name } = people.patient;
      const entered = { peerId: randomUUID(), participantId, name, party: 'patient' } as const;
      await server.report({ type: 'peer.joined', room: current, ...entered });
    },
  ],
  [
    'a note is saved twice, read, signed, added to and shared no longer',
    ['appointments', 'visit_notes'],
    async () => {
      await ok(notes.save(cookies.doctor, current, 0));
      await ok(notes.save(cookies.doctor, current, 1, { text: 'Seen again' }));
      await ok(notes.read(cookies.doctor, current));
      await ok(notes.sign(cookies.doctor, current, 2));
      await ok(notes.amend(cookies.doctor, current, 'Called back'));
      await ok(notes.read(cookies.patient, current));
      await ok(notes.share(cookies.doctor, current, false));
    },
  ],
  [
    'a visit is rated',
    ['appointments'],
    () => {
      const body = { rating: 5, review: 'Kind' };
      return ok(server.call('PUT', `/api/appointments/${current}/rating`, { cookie: cookies.patient, body }));
    },
  ],
  [
    'a schedule is looked at and saved',
    ['appointments'],
    async () => {
      const own = z.object({ schedule: z.looseObject({}), version: z.number() });
      const { schedule, version } = own.parse(await (await ok(get('doctor', '/api/schedule'))).json());
      await ok(post('doctor', '/api/schedule/preview', { schedule }));
      const body = { schedule, version, keep: [] };
      await ok(server.call('PUT', '/api/schedule', { cookie: cookies.doctor, body }));
    },
  ],
  [
    'the bell is rung and heard',
    ['notifications'],
    async () => {
      const bell = z.object({ notifications: z.array(z.object({ id: z.string() })) });
      const { notifications } = bell.parse(await (await ok(get('doctor', '/api/notifications'))).json());
      await ok(post('doctor', '/api/notifications/read', { upTo: notifications[0]?.id }));
    },
  ],
];

/** What is asked of all shards, in the words of docs/data.md. */
const ON_ALL_SHARDS: readonly (readonly [ShardedCollection, string, () => Promise<unknown>])[] = [
  ['appointments', 'an id that a process has not met before', async () => ok(get('doctor', await unseen()))],
  ['appointments', 'the jobs', () => server.application.runJob('expire requests')],
  ['appointments', 'the jobs', () => server.application.runJob('end visits that were left')],
  ['appointments', 'the jobs', () => server.application.runJob('archive appointments')],
  ['appointments_archive', 'the patients whom a doctor has seen', () => ok(get('doctor', '/api/patients'))],
  [
    'appointments_archive',
    'the visits that a doctor has not written up',
    () => ok(get('doctor', '/api/notes/unsigned')),
  ],
  ['reminders', 'those that are due', () => server.application.runJob('send reminders')],
  ['audit_entries', 'searching', () => ok(get('administrator', '/api/admin/audit'))],
];

/** Made by another process. @returns its path */
const unseen = async (): Promise<string> =>
  `/api/appointments/${await server.appointment(people.doctor, people.patient, -60)}`;

/** Of which collections something was asked without the key, once for each command. */
const withoutKey = async (work: () => Promise<unknown>): Promise<string[]> => {
  const commands = await shardedCommands(server, work);
  return commands.filter(({ namesKey }) => !namesKey).map(({ collection }) => collection);
};

describe('shard keys', () => {
  it.each(names)('of %s: %s begins an index, and every unique one (MongoDB takes no other)', async (name, key) => {
    const indexes = await server.database.connection.collection(name).indexes();
    const firsts = indexes.map((index) => ({ field: Object.keys(index.key)[0], isUnique: index.unique === true }));
    expect(firsts.map(({ field }) => field)).toContain(key);
    expect(firsts.filter(({ field, isUnique }) => isUnique && field !== key)).toEqual([]);
  });

  it.each(names)('of %s: docs/data.md says that it is %s', (name, key) => {
    expect(DOCUMENTATION).toMatch(new RegExp(`^\\| \`${name}\` \\| \`${key}\``, 'm'));
  });
});

describe('what people do all the time asks shards by their key', () => {
  it.each(HOT)('%s', async (_what, collections, work) => {
    const commands = await shardedCommands(server, work);
    expect(commands.filter(({ namesKey }) => !namesKey).map(({ text }) => text)).toEqual([]);
    const asked = new Set<string>(commands.map(({ collection }) => collection));
    expect(collections.filter((collection) => !asked.has(collection))).toEqual([]);
  });

  it('an appointment that was asked for on all shards is found on one from then on', async () => {
    const path = await unseen();
    const open = () => ok(get('doctor', path));
    expect(await withoutKey(open)).toEqual(['appointments']);
    expect(await withoutKey(open)).toEqual([]);
  });

  it.each([
    ['list', () => get('doctor', '/api/appointments/doctor')],
    ['week', () => get('doctor', `/api/appointments/day?from=${dateOf(-1)}&days=7`)],
    ['history', () => get('patient', `/api/patients/${people.patient.id}/history`)],
  ] as const)('an appointment that was in a %s is opened on one shard', async (_name, list) => {
    const path = await unseen();
    await ok(list());
    expect(await withoutKey(() => ok(get('doctor', path)))).toEqual([]);
  });

  it('one that is archived is found by its patient', async () => {
    const days = 400;
    const over = { status: 'completed', outcome: 'met', noteState: 'signed', closedAt: new Date(0) } as const;
    const id = await server.appointment(people.doctor, people.patient, -days * 24 * 60, over);
    await server.application.runJob('archive appointments');
    const open = () => ok(get('doctor', `/api/appointments/${id}`));
    await open();
    const commands = await shardedCommands(server, open);
    expect(commands.filter(({ namesKey }) => !namesKey)).toEqual([]);
    expect(commands.map(({ collection }) => collection)).toContain('appointments_archive');
  });
});

describe('what is asked on all shards is known', () => {
  it.each(ON_ALL_SHARDS)('of %s: %s', async (collection, words, work) => {
    expect([...new Set(await withoutKey(work))]).toEqual([collection]);
    const row = DOCUMENTATION.split('\n').find((line) => line.startsWith(`| \`${collection}\` |`));
    expect(row?.split('|')[4]).toContain(words);
  });
});
