import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { demoAccountSchema, doctorEndpoints, isActive, type DemoAccount } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Application } from '../application.ts';
import { createLogger } from '../logging/logger.ts';
import { signedInAccountOf, appointmentsOf } from '../testing/answers.ts';
import { TestServer } from '../testing/test-server.ts';
import { DEMO_ACCOUNTS_FILE } from './demo.ts';

const aDoctor: unknown = expect.stringMatching(/^Dr\. /);
const HOUR_MS = 60 * 60_000;

let server: TestServer;
let accounts: DemoAccount[];

beforeAll(async () => {
  server = await TestServer.start({ HC_DEMO: '1' });
  accounts = await readAccounts();
});
afterAll(() => server.close());

async function readAccounts(): Promise<DemoAccount[]> {
  const text = await readFile(join(server.config.dataDir, DEMO_ACCOUNTS_FILE), 'utf8');
  return z.array(demoAccountSchema.strict()).parse(JSON.parse(text));
}

function first(role: DemoAccount['role']): DemoAccount {
  const found = accounts.find((account) => account.role === role);
  if (found === undefined) throw new Error(`There is no demonstration ${role}`);
  return found;
}

async function signIn({ email, password }: DemoAccount): Promise<string> {
  const response = await server.call('POST', '/api/auth/login', { body: { email, password } });
  const cookie = response.headers.getSetCookie()[0]?.split(';', 1)[0] ?? '';
  await signedInAccountOf(response);
  return cookie;
}

async function appointmentsOfFirst(role: 'doctor' | 'patient') {
  const cookie = await signIn(first(role));
  return appointmentsOf(await server.call('GET', `/api/appointments/${role}`, { cookie }));
}

/** Another start of the server on the same database and data folder, some time later. */
async function startAgain(laterMs: number): Promise<void> {
  server.clock.advance(laterMs);
  const again = await Application.start(
    server.config,
    createLogger({ logLevel: 'silent', logFormat: 'json' }),
    server.clock,
  );
  await again.close();
}

describe('the demonstration hospital', () => {
  it('has four doctors, three patients, staff and an administrator, who can all sign in', async () => {
    const count = (role: DemoAccount['role']): number => accounts.filter((account) => account.role === role).length;
    expect([count('doctor'), count('patient'), count('staff'), count('administrator')]).toEqual([4, 3, 1, 1]);
    for (const account of accounts) await signIn(account);
    expect(new Set(accounts.map(({ password }) => password)).size).toBe(accounts.length);
    for (const { password } of accounts) expect(password).toMatch(/^([a-z2-9]{4}-){3}[a-z2-9]{4}$/);
  });

  it('keeps the passwords in a file that only its owner can read', async () => {
    const { mode } = await stat(join(server.config.dataDir, DEMO_ACCOUNTS_FILE));
    expect(mode & 0o777).toBe(0o600);
  });

  it('has doctors of several specializations with schedules in two time zones (R20)', async () => {
    const doctors = await server.database.connection.collection('doctors').find().toArray();
    const schema = z.array(
      z.looseObject({
        specialization: z.string().min(1),
        timeZone: z.string(),
        schedule: z
          .array(z.object({ weekday: z.int(), start: z.string(), end: z.string(), slotMinutes: z.int() }))
          .min(1),
      }),
    );
    const profiles = schema.parse(doctors);
    expect(new Set(profiles.map(({ specialization }) => specialization)).size).toBe(4);
    expect(new Set(profiles.map(({ timeZone }) => timeZone))).toEqual(new Set(['Europe/Berlin', 'America/New_York']));
  });

  it('has past and future appointments, and exactly one of the first pair that can be joined now', async () => {
    const ofPatient = await appointmentsOfFirst('patient');
    const joinable = ofPatient.filter(({ door }) => door.state === 'open');
    expect(joinable).toHaveLength(1);
    expect(joinable[0]).toMatchObject({
      status: 'scheduled',
      doctor: { name: first('doctor').name },
      patient: { name: first('patient').name },
    });
    const now = server.clock.now();
    const [start, end] = [Date.parse(joinable[0]?.startsAt ?? ''), Date.parse(joinable[0]?.endsAt ?? '')];
    expect(start).toBeLessThanOrEqual(now);
    expect(start).toBeGreaterThan(now - 5 * 60_000);
    expect(end - start).toBe(HOUR_MS);
    const statuses = new Set([...ofPatient, ...(await appointmentsOfFirst('doctor'))].map(({ status }) => status));
    expect(statuses).toEqual(new Set(['completed', 'scheduled', 'pending']));
  });

  it('has notes that the patient can read, one to finish, and ratings that make an average', async () => {
    const cookie = await signIn(first('patient'));
    const over = (await appointmentsOfFirst('patient')).filter(({ status }) => status === 'completed');
    expect(over.length).toBeGreaterThan(1);
    for (const { id, note } of over) {
      expect(note).toBe('signed');
      const answer = await server.call('GET', `/api/appointments/${id}/note`, { cookie });
      expect(await answer.json()).toMatchObject({ note: { shared: true, signedBy: aDoctor } });
    }
    const doctor = await signIn(first('doctor'));
    const unsigned = await server.call('GET', '/api/notes/unsigned', { cookie: doctor });
    expect(await unsigned.json()).toMatchObject({ visits: [{ hasDraft: false }] });
    const patients = await server.call('GET', '/api/patients', { cookie: doctor });
    expect(await patients.json()).toMatchObject({ patients: [{}, {}, {}], next: null });
    const ofDoctors = server.database.connection.collection('doctors').find().sort({ ratingCount: -1 });
    const [rated] = z.array(z.object({ ratingSum: z.int(), ratingCount: z.int() })).parse(await ofDoctors.toArray());
    expect(rated).toEqual({ ratingSum: 23, ratingCount: 5 });
    expect(await server.database.connection.collection('ratings').countDocuments()).toBe(6);
  });

  it('takes up the time of what is coming: nobody is offered it once more', async () => {
    const coming = (await appointmentsOfFirst('doctor')).filter(
      ({ status, startsAt }) => isActive(status) && Date.parse(startsAt) > server.clock.now(),
    );
    expect(coming.length).toBeGreaterThan(0);
    for (const { doctor, date, timeZone, startsAt } of coming) {
      const query = new URLSearchParams({ from: date, days: '1', timeZone }).toString();
      const response = await server.call('GET', `/api/doctors/${doctor.id}/slots?${query}`);
      const { days } = doctorEndpoints.slots.response.parse(await response.json());
      const slot = days.flatMap(({ slots }) => slots).find((each) => each.startsAt === startsAt);
      expect([startsAt, slot?.state]).toEqual([startsAt, 'taken']);
    }
  });

  it('is not made anew by a second start', async () => {
    await startAgain(60_000);
    expect(await readAccounts()).toEqual(accounts);
    expect((await appointmentsOfFirst('patient')).filter(({ door }) => door.state === 'open')).toHaveLength(1);
  });

  it('always has one appointment to join: moved when its hour is over, made when it was closed', async () => {
    const [before] = (await appointmentsOfFirst('patient')).filter(({ door }) => door.state === 'open');
    await startAgain(2 * HOUR_MS);
    const [moved, ...more] = (await appointmentsOfFirst('patient')).filter(({ door }) => door.state === 'open');
    expect(more).toEqual([]);
    expect(moved?.id).toBe(before?.id);
    expect(Date.parse(moved?.endsAt ?? '')).toBeGreaterThan(server.clock.now());

    const cookie = await signIn(first('doctor'));
    await server.call('POST', `/api/consultations/${moved?.id ?? ''}/close`, { cookie });
    await startAgain(0);
    const [made, ...others] = (await appointmentsOfFirst('patient')).filter(({ door }) => door.state === 'open');
    expect(others).toEqual([]);
    expect(made?.id).not.toBe(moved?.id);
  });
});

describe('without HC_DEMO', () => {
  it('nothing is made', async () => {
    const empty = await TestServer.start();
    expect(await empty.database.connection.collection('accounts').countDocuments()).toBe(0);
    await expect(stat(join(empty.config.dataDir, DEMO_ACCOUNTS_FILE))).rejects.toThrow(/ENOENT/);
    await empty.close();
  });
});
