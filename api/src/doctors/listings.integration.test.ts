import { doctorEndpoints } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AccountRepository } from '../accounts/account.repository.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { AvailabilityService } from '../availability/availability.service.ts';
import { FreeTimes } from '../availability/free-times.ts';
import { ClaimRepository } from '../booking/claim.repository.ts';
import { toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { DoctorListings } from './doctor-listings.ts';
import { DoctorWeekService } from './doctor-week.service.ts';
import { DoctorRepository } from './doctor.repository.ts';
import { ListingRepository } from './listing.repository.ts';

const CELL_MS = 5 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** 10 o'clock on a Tuesday in winter, in Berlin. */
const NOW = Date.parse('2027-01-12T09:00:00Z');

let server: TestServer;
let desk: BookingDesk;

const listed = async (term: string) => {
  const response = await server.call('GET', `/api/doctors?term=${encodeURIComponent(term)}`);
  return doctorEndpoints.search.response.parse(await response.json()).doctors;
};

/** What another process has, with the same database. */
function otherProcess(claims: Pick<ClaimRepository, 'takenOf'> = ClaimRepository.create(server.database.connection)) {
  const { connection } = server.database;
  const { clock } = server;
  const [accounts, doctors] = [AccountRepository.create(connection), DoctorRepository.create(connection)];
  const listings = ListingRepository.create(connection);
  const freeTimes = FreeTimes.create({ claims, clock });
  const logger = createLogger(server.config);
  const availability = AvailabilityService.create({
    accounts,
    doctors,
    claims: ClaimRepository.create(connection),
    listings,
    clock,
  });
  return {
    listings: DoctorListings.create({ accounts, doctors, listings, freeTimes, clock, logger }),
    weeks: DoctorWeekService.create({
      availability,
      appointments: AppointmentRepository.create(connection),
      claims,
      freeTimes,
      listings,
      clock,
    }),
  };
}

/** Another process that stops once it has read what is taken, until it is told to go on. */
function pausing() {
  const claims = ClaimRepository.create(server.database.connection);
  const [hasRead, mayGoOn] = [Promise.withResolvers<true>(), Promise.withResolvers<true>()];
  const { listings } = otherProcess({
    takenOf: async (...asked) => {
      const taken = await claims.takenOf(...asked);
      hasRead.resolve(true);
      await mayGoOn.promise;
      return taken;
    },
  });
  return { listings, hasRead: hasRead.promise, goOn: () => mayGoOn.resolve(true) };
}

/** Takes the doctor's time from one day to another, counted from now. */
async function bookOut(doctor: Person, fromDay: number, toDay: number): Promise<void> {
  const first = Math.floor((server.clock.now() + fromDay * DAY_MS) / CELL_MS);
  const length = ((toDay - fromDay) * DAY_MS) / CELL_MS;
  const claims = Array.from({ length }, (_item, index) => ({
    subjectId: toStoredId(doctor.id),
    cell: first + index,
    owner: 'appointment',
    ownerId: toStoredId(doctor.id),
    heldById: null,
    expiresAt: null,
  }));
  await server.database.connection.collection('time_claims').insertMany(claims);
}

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  server.clock.set(NOW);
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());

describe('listings of the directory', () => {
  it('are made of everybody although one cannot be made', async () => {
    const broken = await desk.doctor('Broken', { timeZone: 'IST' });
    await desk.doctor('Whole');
    await server.application.runJob('refresh directory');
    expect((await listed('whole')).map(({ name }) => name)).toEqual(['Whole']);
    await desk.schedule(broken, [], { timeZone: 'Asia/Kolkata' });
    await server.application.runJob('refresh directory');
    expect(await listed('broken')).toHaveLength(1);
  });

  it.each(['/api/doctors?free=week&timeZone=IST', '/api/doctors/%s/slots?from=2027-01-12&timeZone=IST'])(
    'are not asked for in a zone that means several places: %s',
    async (path) => {
      const { id } = await desk.doctor('Asked');
      const response = await server.call('GET', path.replace('%s', id));
      expect(response.status).toBe(400);
    },
  );

  it('are gone through by name, however long names are and however they are written', async () => {
    const long = 'أحمد عبد الرحمن بن محمد بن عبد العزيز بن إبراهيم آل الشيخ المهندس الاستشاري';
    for (const name of [long, 'ﷺ'.repeat(120), 'ي'.repeat(120)]) await desk.doctor(name);
    await server.application.runJob('refresh directory');
    const found: string[] = [];
    for (let next: string | null = ''; next !== null;) {
      const cursor = next === '' ? '' : `&cursor=${next}`;
      const response = await server.call('GET', `/api/doctors?sort=name&limit=1${cursor}`);
      expect(response.status).toBe(200);
      const page = doctorEndpoints.search.response.parse(await response.json());
      found.push(...page.doctors.map(({ name }) => name));
      next = page.next;
    }
    expect(found).toEqual(expect.arrayContaining([long, 'ﷺ'.repeat(120), 'ي'.repeat(120)]));
    expect(found.filter((name) => name === 'ي'.repeat(120))).toHaveLength(1);
  });

  it.each([
    ['that is there already', true],
    ['that is the first one', false],
  ])('are as things are, whichever of two processes is slower: one %s', async (_which, isThere) => {
    const doctor = await desk.doctor(`Raced ${isThere}`);
    const patient = await server.person('patient', 'Patient');
    const cookie = await server.signIn(patient);
    if (isThere) await server.application.runJob('refresh directory');
    const slow = pausing();
    slow.listings.doctorChanged(doctor.id);
    await slow.hasRead;
    const slot = desk.slot(0, 4);
    await desk.booked(cookie, doctor, slot);
    await server.application.settled();
    slow.goOn();
    await slow.listings.settled();
    const [entry] = await listed(`Raced ${isThere}`);
    expect(entry?.nextFree.map(({ startsAt }) => startsAt)).toEqual(
      [3, 5, 6].map((index) => desk.slot(0, index).startsAt.toISOString()),
    );
  });

  it('are made by who knows of a change, also where another process began meanwhile and died', async () => {
    const doctor = await desk.doctor('Abandoned');
    await server.application.runJob('refresh directory');
    const slow = pausing();
    // Nobody else hears of what is taken.
    await bookOut(doctor, 0, 2);
    slow.listings.doctorChanged(doctor.id);
    await slow.hasRead;
    await ListingRepository.create(server.database.connection).begin(doctor.id);
    slow.goOn();
    await slow.listings.settled();
    const [entry] = await listed('Abandoned');
    expect(Date.parse(entry?.nextFree[0]?.startsAt ?? '')).toBeGreaterThanOrEqual(NOW + 2 * DAY_MS);
  });

  it('are made again by who knows more, where two processes made the first one at once', async () => {
    const doctor = await desk.doctor('Doubled');
    const [early, late] = [pausing(), pausing()];
    early.listings.doctorChanged(doctor.id);
    await early.hasRead;
    await bookOut(doctor, 0, 2);
    late.listings.doctorChanged(doctor.id);
    await late.hasRead;
    early.goOn();
    await early.listings.settled();
    late.goOn();
    await late.listings.settled();
    const [entry] = await listed('Doubled');
    expect(Date.parse(entry?.nextFree[0]?.startsAt ?? '')).toBeGreaterThanOrEqual(NOW + 2 * DAY_MS);
  });

  it('are not taken away by who read before somebody else began', async () => {
    const doctor = await desk.doctor('Kept');
    await server.application.runJob('refresh directory');
    const listings = ListingRepository.create(server.database.connection);
    const stale = await listings.begin(doctor.id);
    const fresh = await listings.begin(doctor.id);
    expect(await listings.remove(doctor.id, stale)).toBe(false);
    expect(await listed('Kept')).toHaveLength(1);
    expect(await listings.remove(doctor.id, fresh)).toBe(true);
    expect(await listed('Kept')).toEqual([]);
  });

  it('tell the first free day of a doctor who is booked out, without a look at months of appointments', async () => {
    const doctor = await desk.doctor('Full');
    await desk.schedule(doctor, everyDay({ start: '09:00', end: '17:00' }), { furthestDays: 30 });
    await bookOut(doctor, 0, 25);
    await server.application.runJob('refresh directory');
    const claims = ClaimRepository.create(server.database.connection);
    let lookedAtDays = 0;
    const { weeks } = otherProcess({
      takenOf: (subjectId, from, to, now) => {
        lookedAtDays += (to.getTime() - from.getTime()) / DAY_MS;
        return claims.takenOf(subjectId, from, to, now);
      },
    });
    const week = (from: string) => weeks.slots(undefined, doctor.id, { from, days: 7, timeZone: 'Europe/Berlin' });
    const first = new Date(NOW + 25 * DAY_MS).toISOString().slice(0, 10);
    expect((await week('2027-01-12')).firstFreeDate).toBe(first);
    expect(lookedAtDays).toBeLessThan(12);
    expect((await week('2027-01-20')).firstFreeDate).toBe(first);
    await bookOut(doctor, 25, 32);
    server.clock.advance(31 * 60_000);
    await server.application.runJob('refresh directory');
    lookedAtDays = 0;
    expect((await week('2027-01-12')).firstFreeDate).toBeNull();
    expect(lookedAtDays).toBeLessThan(12);
    server.clock.set(NOW);
  });
});
