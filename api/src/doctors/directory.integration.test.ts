import { doctorEndpoints, doctorPageSchema, LEAST_RATINGS_SHOWN, type ListedDoctor } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { DoctorRepository } from './doctor.repository.ts';
import type { StoredDoctor } from './doctor.model.ts';

const DAY_MS = 24 * 60 * 60_000;
/** 10 o'clock on a Tuesday in winter, in Berlin. */
const NOW = Date.parse('2027-01-12T09:00:00Z');

let server: TestServer;
let desk: BookingDesk;
let administrator: string;
const doctors = new Map<string, Person>();

const search = async (query: Record<string, string> = {}) => {
  const response = await server.call('GET', `/api/doctors?${new URLSearchParams(query)}`);
  expect(response.status).toBe(200);
  return doctorEndpoints.search.response.parse(await response.json());
};
const namesOf = (found: readonly ListedDoctor[]): string[] => found.map(({ name }) => name);
const names = async (query: Record<string, string>): Promise<string[]> => namesOf((await search(query)).doctors);
const settled = () => server.application.settled();

async function doctor(
  name: string,
  profile: Partial<StoredDoctor>,
  hours = everyDay({ start: '09:00', end: '17:00' }),
): Promise<Person> {
  const person = await desk.doctor(name);
  await desk.schedule(person, hours);
  const repository = DoctorRepository.create(server.database.connection);
  await server.database.transaction((transaction) => repository.save(person.id, profile, transaction));
  doctors.set(name, person);
  return person;
}
const known = (name: string): Person => {
  const person = doctors.get(name);
  if (person === undefined) throw new Error(`${name} is nobody`);
  return person;
};

beforeAll(async () => {
  server = await TestServer.start();
  server.clock.set(NOW);
  desk = BookingDesk.create(server);
  const mondays = everyDay({ start: '09:00', end: '10:00' }).filter(({ weekday }) => weekday === 1);
  await doctor('Dr. Zoé Müller', {
    specialization: 'Dermatology',
    qualification: 'MD, PhD',
    experienceYears: 12,
    languages: ['Deutsch', 'Français'],
    about: 'Skin, hair and nails.',
  });
  await doctor(
    'Dr. Anton Straßer',
    { specialization: 'Dermatology', experienceYears: 3, languages: ['Deutsch'] },
    mondays,
  );
  await doctor(
    'Dr. Ben Okafor',
    { specialization: 'Pédiatrie', experienceYears: null, languages: ['English'] },
    everyDay({ start: '09:00', end: '17:00' }).map((time) => ({ ...time, modes: ['chat' as const] })),
  );
  await doctor('Dr. Never', { specialization: 'Urology', experienceYears: 30 }, []);
  administrator = await server.signIn(await server.person('administrator', 'Ada'));
  await server.application.runJob('refresh directory');
});
afterAll(() => server.close());

describe('finding a doctor (R40)', () => {
  it.each([
    ['muller', ['Dr. Zoé Müller']],
    ['MÜLL', ['Dr. Zoé Müller']],
    ['strasser', ['Dr. Anton Straßer']],
    ['skin doctor', ['Dr. Zoé Müller']],
    ['pediatrie', ['Dr. Ben Okafor']],
    ['müller phd', ['Dr. Zoé Müller']],
    ['müller pediatrie', []],
    ['ermat', []],
    ['.*', ['Dr. Zoé Müller', 'Dr. Ben Okafor', 'Dr. Anton Straßer', 'Dr. Never']],
  ])('by the term %s', async (term, expected) => {
    expect(await names({ term })).toEqual(expected);
  });

  it('by specialization, language, years and mode', async () => {
    expect(await names({ specialization: 'dermatology' })).toEqual(['Dr. Zoé Müller', 'Dr. Anton Straßer']);
    expect(await names({ language: 'francais' })).toEqual(['Dr. Zoé Müller']);
    expect(await names({ minimumYears: '12' })).toEqual(['Dr. Zoé Müller', 'Dr. Never']);
    expect(await names({ minimumYears: '0', sort: 'experience' })).toEqual([
      'Dr. Never',
      'Dr. Zoé Müller',
      'Dr. Anton Straßer',
    ]);
    expect(await names({ mode: 'video' })).toEqual(['Dr. Zoé Müller', 'Dr. Anton Straßer']);
    expect(await names({ mode: 'chat', specialization: 'Pediatrie' })).toEqual(['Dr. Ben Okafor']);
  });

  it('who is free today or this week, on the calendar of the one who looks', async () => {
    expect(await names({ free: 'today', timeZone: 'Europe/Berlin' })).toEqual(['Dr. Zoé Müller', 'Dr. Ben Okafor']);
    expect(await names({ free: 'week', timeZone: 'Europe/Berlin' })).toEqual([
      'Dr. Zoé Müller',
      'Dr. Ben Okafor',
      'Dr. Anton Straßer',
    ]);
    expect(await names({ free: 'today', mode: 'video', timeZone: 'Europe/Berlin' })).toEqual(['Dr. Zoé Müller']);
    // On Kiritimati it is 23 o'clock: the first free time, 11 o'clock in Berlin, is at midnight there.
    expect(await names({ free: 'today', timeZone: 'Pacific/Kiritimati' })).toEqual([]);
  });

  it('shows the next free times, the mode that is asked for', async () => {
    const [first] = (await search({ term: 'muller' })).doctors;
    expect(first?.nextFree.map(({ startsAt }) => startsAt)).toEqual([
      '2027-01-12T10:00:00.000Z',
      '2027-01-12T10:20:00.000Z',
      '2027-01-12T10:40:00.000Z',
    ]);
    expect(first).toMatchObject({ specialization: 'Dermatology', experienceYears: 12, timeZone: 'Europe/Berlin' });
  });

  it.each(['soonest', 'name', 'experience'] as const)('page by page, by %s: each once', async (sort) => {
    const all = await search({ sort });
    expect(all.doctors).toHaveLength(4);
    expect(all).toMatchObject({ total: 4, next: null });
    const paged: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null; pages += 1) {
      const page = await search({ sort, limit: '1', ...(cursor === '' ? {} : { cursor }) });
      paged.push(...namesOf(page.doctors));
      cursor = page.next;
      expect(pages).toBeLessThan(5);
    }
    expect(paged).toEqual(namesOf(all.doctors));
  });

  it('refuses a place that is none', async () => {
    for (const cursor of [
      'x',
      Buffer.from('[1,"2"]').toString('base64url'),
      Buffer.from('null').toString('base64url'),
    ]) {
      await expectRefusal(await server.call('GET', `/api/doctors?cursor=${cursor}`), 400, 'validation_failed');
    }
    const number = Buffer.from(`[1,"${'a'.repeat(24)}"]`).toString('base64url');
    expect((await server.call('GET', `/api/doctors?sort=soonest&cursor=${number}`)).status).toBe(200);
  });

  it('tells what can be filtered by', async () => {
    const response = await server.call('GET', '/api/doctors/facets');
    expect(await response.json()).toEqual({
      specializations: ['Dermatology', 'Pédiatrie', 'Urology'],
      languages: ['Deutsch', 'English', 'Français'],
    });
  });
});

describe('the directory is as things are', () => {
  it('after a hold, a booking and its end', async () => {
    const person = await doctor('Dr. Busy', { specialization: 'Busy' });
    await server.application.runJob('refresh directory');
    const first = async () => (await search({ term: 'busy' })).doctors[0]?.nextFree[0]?.startsAt;
    const cookie = await server.signIn(await server.person('patient', 'Pat'));
    const startsAt = await first();
    if (startsAt === undefined) throw new Error('Nothing is free');
    const taken = await server.call('POST', '/api/holds', { cookie, body: { doctorId: person.id, startsAt } });
    expect(taken.status).toBe(201);
    await settled();
    expect(await first()).toBe('2027-01-12T10:20:00.000Z');
    const { hold } = z.object({ hold: z.object({ id: z.string() }) }).parse(await taken.json());
    await server.call('DELETE', `/api/holds/${hold.id}`, { cookie });
    await settled();
    expect(await first()).toBe(startsAt);
  });

  it('of free times only, as time goes by', async () => {
    const before = server.clock.now();
    server.clock.advance(DAY_MS);
    await server.application.runJob('refresh directory');
    const [first] = (await search({ term: 'muller' })).doctors;
    expect(first?.nextFree[0]?.startsAt).toBe('2027-01-13T10:00:00.000Z');
    server.clock.set(before);
    await server.database.connection.collection('doctor_listings').updateMany({}, { $set: { refreshAt: new Date(0) } });
    await server.application.runJob('refresh directory');
  });

  it('after the doctor changed the profile', async () => {
    const cookie = await server.signIn(known('Dr. Never'));
    const body = { change: { role: 'doctor', name: 'Dr. Ever', languages: ['Català'] } };
    expect((await server.call('PUT', '/api/profile', { cookie, body })).status).toBe(200);
    await settled();
    expect(await names({ language: 'catala' })).toEqual(['Dr. Ever']);
    expect(await names({ term: 'never' })).toEqual([]);
  });

  it('of approved doctors only', async () => {
    const person = await doctor('Dr. Pending', {});
    const accounts = server.database.connection.collection('accounts');
    const mine = { _id: toStoredId(person.id) };
    await accounts.updateOne(mine, { $set: { approvedAt: null, status: 'pending' } });
    await server.application.runJob('refresh directory');
    const paths = ['', '/slots?from=2027-01-12&timeZone=UTC', '/reviews', `/pictures/${'a'.repeat(24)}`];
    const expectHidden = async () => {
      expect(await names({ term: 'pending' })).toEqual([]);
      for (const path of paths)
        await expectRefusal(await server.call('GET', `/api/doctors/${person.id}${path}`), 404, 'not_found');
    };
    await expectHidden();
    const administer = (what: string) =>
      server.call('POST', `/api/admin/accounts/${person.id}/${what}`, { cookie: administrator });
    expect((await administer('approve')).status).toBe(200);
    await settled();
    expect(await names({ term: 'pending' })).toEqual(['Dr. Pending']);
    expect((await administer('disable')).status).toBe(200);
    await settled();
    await expectHidden();
  });

  it('leaves out who was closed a moment ago, and comes back when nothing was heard', async () => {
    const person = await doctor('Dr. Gone', {});
    await server.application.runJob('refresh directory');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(person.id) }, { $set: { status: 'disabled', disabledAt: new Date() } });
    expect(await names({ term: 'gone' })).toEqual([]);
    await server.application.runJob('refresh directory');
    expect((await search({ term: 'gone' })).total).toBe(0);
  });
});

describe("a doctor's page (R41)", () => {
  const page = async (id: string) => {
    const response = await server.call('GET', `/api/doctors/${id}`);
    return z.object({ doctor: doctorPageSchema.strict() }).parse(await response.json()).doctor;
  };

  it('tells what patients decide by, and nothing private', async () => {
    const { id } = known('Dr. Zoé Müller');
    expect(await page(id)).toEqual({
      id,
      name: 'Dr. Zoé Müller',
      avatarId: null,
      specialization: 'Dermatology',
      qualification: 'MD, PhD',
      experienceYears: 12,
      languages: ['Deutsch', 'Français'],
      modes: ['video', 'chat'],
      timeZone: 'Europe/Berlin',
      rating: { average: null, count: 0 },
      about: 'Skin, hair and nails.',
      confirmsAtOnce: false,
      minimumNoticeMinutes: 60,
      furthestDays: 90,
    });
  });

  it('hides the average while it would tell who gave it', async () => {
    const person = await doctor('Dr. Rated', {});
    const repository = DoctorRepository.create(server.database.connection);
    const rated = (ratingCount: number) =>
      server.database.transaction((transaction) =>
        repository.save(person.id, { ratingCount, ratingSum: ratingCount * 4 }, transaction),
      );
    await rated(LEAST_RATINGS_SHOWN - 1);
    expect((await page(person.id)).rating).toEqual({ average: null, count: LEAST_RATINGS_SHOWN - 1 });
    await rated(LEAST_RATINGS_SHOWN);
    expect((await page(person.id)).rating).toEqual({ average: 4, count: LEAST_RATINGS_SHOWN });
  });
});
