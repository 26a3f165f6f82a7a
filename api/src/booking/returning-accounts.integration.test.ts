import type { Role } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { loadSecrets } from '../secrets/secrets.ts';
import { createServices, type Services } from '../services.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { ClosedAccounts } from './closed-accounts.ts';

/** More than one round calls off. */
const MANY = 105;
const A_ROUND = 100;

let server: TestServer;
let desk: BookingDesk;
let services: Services;
let doctor: Person;
let patient: Person;
let admin: string;
const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  const { config, database, clock } = server;
  const secrets = await loadSecrets(config);
  const nobody = () => undefined;
  const events = { toAccounts: nobody, toWatchers: nobody, stopWatching: nobody, endSession: nobody };
  const slotNews = { changed: nobody };
  services = await createServices({ config, secrets, database, events, slotNews, clock, logger });
});
afterAll(async () => {
  services.hasher.close();
  await services.audit.close();
  await server.close();
});
beforeEach(async () => {
  doctor = await desk.doctor('Doctor', { confirmation: 'automatic' });
  patient = await server.person('patient', 'Patient');
  admin = await server.signIn(await server.person('administrator', 'Admin'));
});

const accounts = () => server.database.connection.collection('accounts');
const appointments = () => server.database.connection.collection('appointments');
const isLeaving = async ({ id }: Person) => (await accounts().findOne({ _id: toStoredId(id) }))?.['leaving'] === true;
const statusOf = async (id: string): Promise<unknown> =>
  (await appointments().findOne({ _id: toStoredId(id) }))?.['status'];
const standing = (ids: readonly string[]) =>
  appointments().countDocuments({ _id: { $in: ids.map(toStoredId) }, status: 'scheduled' });

async function become(role: Role, person = patient): Promise<void> {
  const answer = await desk.post(admin, `/api/admin/accounts/${person.id}/role`, { role });
  expect(answer.status).toBe(200);
}

const visits = (count: number) =>
  Promise.all(Array.from({ length: count }, (_visit, index) => server.appointment(doctor, patient, 9000 + index * 30)));

/** Comes back, and books at once. @returns the new appointment */
async function comeBackAndBook(): Promise<string> {
  await become('patient');
  const other = await desk.doctor('Other', { confirmation: 'automatic' });
  return (await desk.booked(await server.signIn(patient), other, desk.slot(3))).id;
}

/** A round of the job in another process, at whose steps something happens. */
function round(at: {
  afterReading?: () => Promise<unknown>;
  before?: (nth: number) => Promise<unknown>;
}): Promise<void> {
  const { database, clock } = server;
  const { repositories, lifeCycle } = services;
  let nth = 0;
  const closedAccounts = ClosedAccounts.create({
    ...repositories,
    ...{ database, clock, logger },
    lifecycle: {
      leaving: async (limit) => {
        const found = await repositories.lifecycle.leaving(limit);
        await at.afterReading?.();
        return found;
      },
      left: (...done) => repositories.lifecycle.left(...done),
    },
    lifeCycle: {
      callOffBySystem: async (...what) => {
        nth += 1;
        await at.before?.(nth);
        return lifeCycle.callOffBySystem(...what);
      },
    },
  });
  return closedAccounts.callOff();
}

describe('an account that gets its role back within one round of the job', () => {
  it('keeps what was not called off by then, and what it books from then on', async () => {
    const ids = await visits(MANY);
    await become('staff');
    let booked = '';
    // So few are left that there is room for another one.
    const early = 98;
    await round({
      before: async (nth) => {
        if (nth === early + 1) booked = await comeBackAndBook();
      },
    });
    expect(await standing(ids)).toBe(MANY - early);
    expect([await statusOf(booked), await isLeaving(patient)]).toEqual(['scheduled', true]);
    await round({});
    expect(await standing(ids)).toBe(MANY - early);
    expect([await statusOf(booked), await isLeaving(patient)]).toEqual(['scheduled', false]);
  });

  it('keeps what it has booked before the round looked for what is to come', async () => {
    const [id = ''] = await visits(1);
    await become('staff');
    let booked = '';
    await round({
      afterReading: async () => {
        booked = await comeBackAndBook();
      },
    });
    expect([await statusOf(id), await statusOf(booked), await isLeaving(patient)]).toEqual([
      'scheduled',
      'scheduled',
      false,
    ]);
  });

  it('and loses it again, loses what it has booked in between', async () => {
    const ids = await visits(3);
    await become('staff');
    let booked = '';
    await round({
      before: async (nth) => {
        if (nth !== 2) return;
        booked = await comeBackAndBook();
        await become('staff');
      },
    });
    expect([await standing(ids), await statusOf(booked), await isLeaving(patient)]).toEqual([0, 'scheduled', true]);
    await round({});
    expect([await statusOf(booked), await isLeaving(patient)]).toEqual(['cancelled', false]);
  });

  it('as a doctor keeps what is to come, too, as far as it was not called off', async () => {
    const ids = await visits(3);
    await become('staff', doctor);
    await round({
      before: async (nth) => {
        if (nth === 2) await become('doctor', doctor);
      },
    });
    expect([await standing(ids), await isLeaving(doctor)]).toEqual([2, false]);
  });
});

describe('an account that is closed while a round goes on', () => {
  it('loses everything, also when its role has come back before', async () => {
    const ids = await visits(MANY);
    await become('staff');
    await round({
      before: async (nth) => {
        if (nth !== 10) return;
        await become('patient');
        expect((await desk.post(admin, `/api/admin/accounts/${patient.id}/disable`, {})).status).toBe(200);
      },
    });
    expect([await standing(ids), await isLeaving(patient)]).toEqual([MANY - A_ROUND, true]);
    await round({});
    expect([await standing(ids), await isLeaving(patient)]).toEqual([0, false]);
  });
});
