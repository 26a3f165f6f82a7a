import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appointmentsOf } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let doctor: Person;
let patient: Person;

const profileSchema = z.array(
  z.looseObject({
    ns: z.string(),
    op: z.string(),
    planSummary: z.string().optional(),
    docsExamined: z.number().optional(),
    nreturned: z.number().optional(),
    hasSortStage: z.boolean().optional(),
    command: z.looseObject({ find: z.string().optional() }).optional(),
  }),
);

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Busy');
  patient = await server.person('patient', 'Pat Busy');
  const others = await Promise.all([server.person('doctor', 'Dr. Else'), server.person('patient', 'Pat Else')]);
  for (let n = 0; n < 60; n += 1) await server.appointment(others[0], others[1], n * 30);
  for (let n = 0; n < 5; n += 1) await server.appointment(doctor, patient, n * 60);
  await server.appointment(others[0], patient, 7, {});
});
afterAll(() => server.close());

/** What the database did while `work` ran, as its own profiler tells. */
async function profiled(work: () => Promise<unknown>) {
  const { db } = server.database.connection;
  if (db === undefined) throw new Error('Not connected');
  await db.command({ profile: 2 });
  await work();
  await db.command({ profile: 0 });
  const entries = await db
    .collection('system.profile')
    .find({ op: { $in: ['query', 'command', 'update'] } })
    .toArray();
  await db.dropCollection('system.profile');
  return profileSchema.parse(entries).filter(({ ns }) => !ns.endsWith('system.profile') && !ns.endsWith('$cmd'));
}

describe('queries in use (R24, R25)', () => {
  it.each([
    ['doctor', 'doctorId', 5],
    ['patient', 'patientId', 6],
  ] as const)(
    "the list of a %s reads an index, only that person's appointments, already in order",
    async (role, field, count) => {
      const cookie = await server.signIn(role === 'doctor' ? doctor : patient);
      const path = `/api/appointments/${role}`;
      const entries = await profiled(async () => {
        expect(await appointmentsOf(await server.call('GET', path, { cookie }))).toHaveLength(count);
      });
      const lists = entries.filter(({ command }) => command?.find === 'appointments');
      expect(lists.length).toBeGreaterThanOrEqual(2);
      for (const { planSummary, docsExamined, nreturned, hasSortStage } of lists) {
        expect(planSummary?.replaceAll(/[{ ]/g, '')).toMatch(new RegExp(`^IXSCAN${field}:1`));
        expect(docsExamined).toBe(nreturned);
        expect(hasSortStage ?? false).toBe(false);
      }
      expect(lists.reduce((sum, { nreturned = 0 }) => sum + nreturned, 0)).toBe(count);
      expect(entries.length).toBeGreaterThanOrEqual(4);
      for (const { ns, planSummary } of entries) {
        expect([ns, planSummary]).not.toEqual([ns, expect.stringContaining('COLLSCAN')]);
      }
    },
  );

  it('signing in, joining and webhooks scan no collection', async () => {
    const id = await server.appointment(doctor, patient);
    const entries = await profiled(async () => {
      const cookie = await server.signIn(doctor);
      await server.report(server.node.heartbeat());
      expect((await server.call('POST', `/api/consultations/${id}/join`, { cookie })).status).toBe(200);
      await server.application.sweep();
      expect((await server.call('POST', `/api/consultations/${id}/close`, { cookie })).status).toBe(200);
    });
    expect(entries.length).toBeGreaterThan(10);
    for (const entry of entries) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
  });
});

describe('indexes that exist (R24)', () => {
  const keysOf = async (collection: string): Promise<string[]> => {
    const indexes = await server.database.connection.collection(collection).indexes();
    return indexes.map(({ key, unique }) => `${JSON.stringify(key)}${unique === true ? ' unique' : ''}`);
  };

  it('are those of the requirement', async () => {
    expect(await keysOf('accounts')).toContain('{"email":1} unique');
    expect(await keysOf('doctors')).toContain('{"specialization":1}');
    expect(await keysOf('patients')).toContain('{"bloodGroup":1}');
    expect(await keysOf('appointments')).toEqual(
      expect.arrayContaining([
        '{"doctorId":1,"date":1,"startTime":1}',
        '{"patientId":1,"date":1,"startTime":1}',
        '{"status":1,"date":1}',
      ]),
    );
  });

  it('keep a second account from the same address (R21)', async () => {
    const accounts = server.database.connection.collection('accounts');
    await expect(accounts.insertOne({ email: doctor.email, role: 'patient' })).rejects.toThrow(/E11000/);
  });
});
