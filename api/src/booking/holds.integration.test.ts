import { errorBodySchema, HOLD_EXTENSIONS, holdSchema, SLOT_NAMESPACE, type Hold } from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { AccountRepository } from '../accounts/account.repository.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { AvailabilityService } from '../availability/availability.service.ts';
import type { Database, Transaction } from '../database/database.ts';
import { toStoredId } from '../database/ids.ts';
import { DoctorRepository } from '../doctors/doctor.repository.ts';
import { ListingRepository } from '../doctors/listing.repository.ts';
import { createLogger } from '../logging/logger.ts';
import { BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';
import { ClaimRepository } from './claim.repository.ts';
import { HoldRepository } from './hold.repository.ts';
import { HoldService } from './hold.service.ts';
import { KeptTimeRepository } from './kept-time.repository.ts';
import { TakenOffers } from './taken-offers.ts';

const MINUTE_MS = 60_000;

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  cookie = await server.signIn(patient);
});

const failureOf = async (response: Response) => errorBodySchema.parse(await response.json()).error;
const holdOf = async (response: Response) => {
  expect(response.ok ? '' : await response.text()).toBe('');
  return z.object({ hold: holdSchema }).parse(await response.json()).hold;
};
const take = (who: Person, startsAt: Date) =>
  desk.post(cookie, '/api/holds', { doctorId: who.id, startsAt: startsAt.toISOString() });
const kept = async () => {
  const answer = await server.call('GET', '/api/holds', { cookie });
  return z.object({ hold: holdSchema.nullable() }).parse(await answer.json()).hold;
};
/** A visit that has taken place: its doctor can book the next one. */
const over = () => {
  const closedAt = new Date(server.clock.now());
  return server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt });
};
const followUp = async (slot: ReturnType<BookingDesk['slot']>) => {
  const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, slot);
  return desk.post(doctorCookie, `/api/appointments/${await over()}/follow-up`, wanted);
};
const slotPage = async (doctorId: string) => {
  const options = { transports: ['websocket'], extraHeaders: { origin: PUBLIC_URL }, reconnection: false };
  const socket: Socket = io(server.url + SLOT_NAMESPACE, { ...options, forceNew: true });
  const told: unknown[] = [];
  socket.on('slots.changed', (change) => told.push(change));
  await socket.timeout(5000).emitWithAck('slots.watch', { doctorId });
  return { socket, told };
};

/** The server's own, whose transactions a test can hold up. */
function holdService(database: Pick<Database, 'transaction'>): HoldService {
  const { clock, database: real } = server;
  const { connection } = real;
  const claims = ClaimRepository.create(connection);
  const accounts = AccountRepository.create(connection);
  const availability = AvailabilityService.create({
    accounts,
    doctors: DoctorRepository.create(connection),
    claims,
    listings: ListingRepository.create(connection),
    clock,
  });
  return HoldService.create({
    database,
    appointments: AppointmentRepository.create(connection),
    holds: HoldRepository.create(connection),
    keptTimes: KeptTimeRepository.create(connection),
    claims,
    availability,
    offers: TakenOffers.create(availability),
    slotNews: { changed: () => undefined },
    clock,
    logger: createLogger(server.config, { write: () => undefined }),
  });
}

describe('other times that are offered', () => {
  it('are free for the patient, too, and never the one that was refused', async () => {
    const other = await desk.doctor('Other');
    for (const index of [19, 20]) await desk.booked(cookie, other, desk.slot(3, index));
    const { code, offers } = await failureOf(await take(doctor, desk.slot(3, 20).startsAt));
    expect(code).toBe('patient_busy');
    expect(offers?.map(({ slot }) => slot.startsAt)).toEqual(
      [18, 21, 22].map((index) => desk.slot(3, index).startsAt.toISOString()),
    );
  });

  it('are offered to a doctor in words that fit them', async () => {
    const slot = desk.slot(3, 20);
    await desk.booked(cookie, await desk.doctor('Other'), slot);
    const { code, message, offers } = await failureOf(await followUp(slot));
    expect(code).toBe('patient_busy');
    expect(message).toMatch(/^The patient has another appointment/);
    expect(offers?.map((offer) => offer.slot.startsAt)).not.toContain(slot.startsAt.toISOString());
    expect((await failureOf(await take(doctor, slot.startsAt))).message).toMatch(/^You have another appointment/);
  });
});

describe('a slot that is kept', () => {
  it('is extended as often as its extensions allow, also by several requests at once', async () => {
    const hold = await holdOf(await take(doctor, desk.slot(3, 12).startsAt));
    const extend = () => desk.post(cookie, `/api/holds/${hold.id}/extend`, {});
    for (let times = 1; times < HOLD_EXTENSIONS; times += 1) await holdOf(await extend());
    const answers = await Promise.all(Array.from({ length: 6 }, extend));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 429, 429, 429, 429, 429]);
    const extended = answers.find(({ status }) => status === 200);
    if (extended === undefined) throw new Error('None was extended');
    const last = await holdOf(extended);
    expect(last.extensionsLeft).toBe(0);
    expect(Date.parse(last.expiresAt)).toBe(server.clock.now() + 30 * MINUTE_MS);
    expect(await kept()).toEqual(last);
  });

  it('and is given back while the next one is chosen takes nothing of that one along', async () => {
    const old = await holdOf(await take(doctor, desk.slot(6, 20).startsAt));
    const next: Hold[] = [];
    const holds = holdService({
      // Between the request and its transaction.
      transaction: async <T>(work: (transaction: Transaction) => Promise<T>): Promise<T> => {
        if (next.length === 0) next.push(await holdOf(await take(doctor, desk.slot(6, 30).startsAt)));
        return server.database.transaction(work);
      },
    });
    await holds.release({ accountId: patient.id }, old.id);
    expect([await kept()]).toEqual(next);
    expect((await desk.book(cookie, doctor, desk.slot(6, 30))).status).toBe(201);
  });

  it('can be booked until its time is over, though it is too close for others by then; never what has begun', async () => {
    const soon = Array.from({ length: 30 }, (_item, index) => desk.slot(0, index, 5));
    const slot = soon.find(({ startsAt }) => startsAt.getTime() > server.clock.now() + 60 * MINUTE_MS);
    if (slot === undefined) throw new Error('There is no such slot');
    const short = await desk.doctor('Short', { slotMinutes: 5 });
    const startMs = server.clock.now();
    await holdOf(await take(short, slot.startsAt));
    server.clock.advance(6 * MINUTE_MS);
    const rival = await server.signIn(await server.person('patient', 'Rival'));
    expect((await failureOf(await desk.book(rival, short, slot))).code).toBe('slot_too_soon');
    await holdOf(await take(short, slot.startsAt));
    expect((await desk.book(cookie, short, slot)).status).toBe(201);
    const other = await desk.doctor('Other', { slotMinutes: 5 });
    await holdOf(await take(other, desk.slot(3, 5, 5).startsAt));
    const lasting = { startsAt: slot.startsAt, endsAt: slot.endsAt, expiresAt: new Date(startMs + 90 * MINUTE_MS) };
    const stored = server.database.connection.collection('holds');
    await stored.updateOne({ _id: toStoredId(patient.id) }, { $set: lasting });
    server.clock.set(slot.startsAt.getTime());
    cookie = await server.signIn(patient);
    expect((await failureOf(await desk.book(cookie, other, slot))).code).toBe('slot_too_soon');
    await stored.deleteOne({ _id: toStoredId(patient.id) });
    await server.database.connection.collection('time_claims').deleteMany({ owner: 'hold' });
    server.clock.set(startMs);
  });

  it('is still kept when something else is booked for its patient', async () => {
    const other = await desk.doctor('Other');
    const hold = await holdOf(await take(other, desk.slot(3, 5).startsAt));
    expect((await followUp(desk.slot(3, 9))).status).toBe(201);
    expect(await kept()).toEqual(hold);
    expect((await followUp(desk.slot(4, 5))).status).toBe(201);
    expect(await kept()).toEqual(hold);
    const own = await holdOf(await take(doctor, desk.slot(5, 5).startsAt));
    expect((await desk.book(cookie, doctor, desk.slot(6, 5))).status).toBe(201);
    expect(await kept()).toEqual(own);
    expect((await desk.book(cookie, doctor, desk.slot(5, 5))).status).toBe(201);
    expect(await kept()).toBeNull();
  });

  it('and is booked in part is free for the rest, which open pages are told', async () => {
    const long = await desk.doctor('Long', { slotMinutes: 60 });
    const hour = desk.slot(3, 5, 60);
    await holdOf(await take(long, hour.startsAt));
    await desk.schedule(long, everyDay());
    const next = await server.signIn(await server.person('patient', 'Next'));
    const { socket, told } = await slotPage(long.id);
    const parts = Array.from({ length: 24 }, (_item, index) => desk.slot(3, index));
    const [first, second] = parts.filter(({ startsAt }) => startsAt >= hour.startsAt);
    if (first === undefined || second === undefined) throw new Error('There are no slots in that hour');
    expect(first.startsAt).toEqual(hour.startsAt);
    expect((await desk.book(cookie, long, first)).status).toBe(201);
    const change = { doctorId: long.id, from: hour.startsAt.toISOString(), to: hour.endsAt.toISOString() };
    await vi.waitFor(() => expect(told).toContainEqual(change), 10_000);
    socket.close();
    expect((await desk.book(next, long, second)).status).toBe(201);
  });

  it('can be moved to by its patient', async () => {
    const before = await desk.booked(cookie, doctor, desk.slot(3, 2));
    const slot = desk.slot(4, 2);
    await holdOf(await take(doctor, slot.startsAt));
    const { doctorId: _doctorId, mode: _mode, reason: _reason, ...time } = desk.wanted(doctor, slot);
    const wanted = { ...time, comment: '', version: before.version };
    expect((await desk.post(cookie, `/api/appointments/${before.id}/proposals`, wanted)).status).toBe(201);
    expect(await kept()).toBeNull();
  });

  it('and chosen again and again is kept no longer than its extensions allow', async () => {
    const { startsAt } = desk.slot(3, 12);
    const startedMs = server.clock.now();
    let hold = await holdOf(await take(doctor, startsAt));
    for (let minutes = 4; minutes <= 28; minutes += 4) {
      server.clock.advance(4 * MINUTE_MS);
      cookie = await server.signIn(patient);
      hold = await holdOf(await take(doctor, startsAt));
      const endMs = Math.min(server.clock.now() + 10 * MINUTE_MS, startedMs + 30 * MINUTE_MS);
      expect(Date.parse(hold.expiresAt)).toBe(endMs);
    }
    expect(hold.extensionsLeft).toBe(0);
    expect((await failureOf(await desk.post(cookie, `/api/holds/${hold.id}/extend`, {}))).code).toBe('limit_exceeded');
    server.clock.advance(2 * MINUTE_MS);
    expect(await kept()).toBeNull();
    server.clock.advance(-30 * MINUTE_MS);
  });

  it('is kept no longer either when it is given back and chosen again, and starts anew after a while', async () => {
    const { startsAt } = desk.slot(3, 12);
    const startedMs = server.clock.now();
    let keptMs = 0;
    for (let round = 0; round < 4; round += 1) {
      cookie = await server.signIn(patient);
      const answer = await take(doctor, startsAt);
      if (round === 3) {
        expect((await failureOf(answer)).code).toBe('hold_kept_enough');
        break;
      }
      const hold = await holdOf(answer);
      const lastsMs = Math.min(10, 30 - 10 * round) * MINUTE_MS;
      expect(Date.parse(hold.expiresAt)).toBe(server.clock.now() + lastsMs);
      server.clock.advance(lastsMs);
      keptMs += lastsMs;
      // The last one ends by itself.
      if (round < 2) await server.call('DELETE', `/api/holds/${hold.id}`, { cookie });
    }
    expect(keptMs).toBe(30 * MINUTE_MS);
    expect((await take(doctor, desk.slot(3, 13).startsAt)).status).toBe(201);
    server.clock.advance(30 * MINUTE_MS);
    cookie = await server.signIn(patient);
    expect((await holdOf(await take(doctor, startsAt))).extensionsLeft).toBe(HOLD_EXTENSIONS);
    server.clock.set(startedMs);
  });

  it('costs nothing when it is given back at once', async () => {
    const { startsAt } = desk.slot(3, 12);
    for (let round = 0; round < 4; round += 1) {
      const hold = await holdOf(await take(doctor, startsAt));
      expect(hold.extensionsLeft).toBe(HOLD_EXTENSIONS);
      await server.call('DELETE', `/api/holds/${hold.id}`, { cookie });
    }
  });
});
