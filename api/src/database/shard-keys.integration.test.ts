import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { SHARD_KEYS } from './shard-keys.ts';

type Collection = keyof typeof SHARD_KEYS;
const names = Object.entries(SHARD_KEYS);

/** What the database's profiler tells of an operation (system.profile). */
const operationSchema = z.object({ ns: z.string(), op: z.string(), command: z.looseObject({}) });
const conditionSchema = z.looseObject({ $or: z.array(z.looseObject({})).optional() });
const filterSchema = z.looseObject({
  filter: conditionSchema.optional(),
  pipeline: z.array(z.looseObject({ $match: conditionSchema.optional() })).optional(),
});

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let cookies: Readonly<Record<'doctor' | 'patient', string>>;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  cookies = { doctor: await server.signIn(doctor), patient: await server.signIn(patient) };
  await desk.booked(cookies.patient, doctor, desk.slot(2));
});
afterAll(() => server.close());

function database() {
  const { db } = server.database.connection;
  if (db === undefined) throw new Error('There is no database');
  return db;
}

/** Fields by which what was read of a collection was narrowed down, while something was done. */
async function askedBy(collection: Collection, work: () => Promise<Response>): Promise<string[][]> {
  const db = database();
  await db.command({ profile: 2 });
  const response = await work();
  await db.command({ profile: 0 });
  expect(response.status, await response.text()).toBeLessThan(300);
  const profile = db.collection('system.profile');
  const operations = z.array(operationSchema).parse(await profile.find({}).toArray());
  await profile.drop();
  return operations
    .filter(
      ({ ns, op, command }) =>
        ns.endsWith(`.${collection}`) && ['query', 'command'].includes(op) && !('getMore' in command),
    )
    .map(({ command }) => fieldsOf(command));
}

/** Fields that a condition names in any case: of alternatives, those that all of them name. */
function fieldsIn({ $or, ...condition }: z.infer<typeof conditionSchema>): string[] {
  const [first = [], ...rest] = ($or ?? []).map((alternative) => Object.keys(alternative));
  return [...Object.keys(condition), ...first.filter((field) => rest.every((fields) => fields.includes(field)))];
}

function fieldsOf(command: z.infer<typeof operationSchema>['command']): string[] {
  const { filter, pipeline } = filterSchema.parse(command);
  return fieldsIn(filter ?? pipeline?.[0]?.$match ?? {});
}

describe('shard keys', () => {
  it.each(names)('of %s: %s begins an index, and every unique one (MongoDB takes no other)', async (name, key) => {
    const indexes = await database().collection(name).indexes();
    const firsts = indexes.map((index) => ({ field: Object.keys(index.key)[0], isUnique: index.unique === true }));
    expect(firsts.map(({ field }) => field)).toContain(key);
    expect(firsts.filter(({ field, isUnique }) => isUnique && field !== key)).toEqual([]);
  });

  it.each(names)('of %s: docs/data.md says that it is %s', (name, key) => {
    const text = readFileSync(join(import.meta.dirname, '../../../docs/data.md'), 'utf8');
    expect(text).toMatch(new RegExp(`^\\| \`${name}\` \\| \`${key}\``, 'm'));
  });
});

describe('queries that run all the time ask one shard', () => {
  const get = (path: string, who: 'doctor' | 'patient') => server.call('GET', path, { cookie: cookies[who] });
  const ofDay = (): string => desk.slot(2).startsAt.toISOString().slice(0, 10);

  it.each([
    [
      'time_claims',
      'the slots of a week',
      () => get(`/api/doctors/${doctor.id}/slots?from=${ofDay()}&timeZone=UTC`, 'patient'),
    ],
    ['time_claims', 'a slot that is taken for a while', () => desk.post(cookies.patient, '/api/holds', held())],
    ['time_claims', 'a slot that is booked', () => desk.book(cookies.patient, doctor, desk.slot(5))],
    ['appointments', 'a schedule that is looked at', () => preview()],
    ['appointments', 'notes that are to be signed', () => get('/api/notes/unsigned', 'doctor')],
    [
      'appointments_archive',
      'a history, of what is archived',
      () => get(`/api/patients/${patient.id}/history`, 'patient'),
    ],
    ['notifications', 'the bell', () => get('/api/notifications', 'doctor')],
  ] as const)('of %s: %s', async (collection, _name, work) => {
    const asked = await askedBy(collection, work);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.filter((fields) => !fields.includes(SHARD_KEYS[collection]))).toEqual([]);
  });

  const held = () => ({ doctorId: doctor.id, startsAt: desk.slot(3, 4).startsAt.toISOString() });

  async function preview(): Promise<Response> {
    const { schedule } = z
      .object({ schedule: z.looseObject({}) })
      .parse(await (await get('/api/schedule', 'doctor')).json());
    return desk.post(cookies.doctor, '/api/schedule/preview', { schedule });
  }

  it('sees one that does not', async () => {
    const asked = await askedBy('appointments', () => get('/api/appointments/patient', 'patient'));
    expect(asked.every((fields) => fields.includes(SHARD_KEYS.appointments))).toBe(false);
  });
});
