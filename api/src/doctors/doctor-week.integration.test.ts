import { doctorEndpoints, type Schedule, type Slot } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { SLOT_LIMITS } from './slot-throttle.ts';

const MINUTE_MS = 60_000;
/** 10 o'clock on a Tuesday in winter, in Berlin. */
const NOW = Date.parse('2027-01-12T09:00:00Z');

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  server.clock.set(NOW);
  doctor = await desk.doctor('Doctor');
  await hours({ start: '09:00', end: '12:00' });
});

const hours = (range: { start: string; end: string; slotMinutes?: number }, parts: Partial<Schedule> = {}) =>
  desk.schedule(doctor, everyDay(range), parts);

async function week(
  query: { from: string; timeZone?: string; days?: string; mode?: string; moves?: string },
  cookie?: string,
) {
  const parameters = new URLSearchParams({ timeZone: 'Europe/Berlin', ...query });
  const response = await server.call('GET', `/api/doctors/${doctor.id}/slots?${parameters}`, { cookie });
  expect(response.status).toBe(200);
  return doctorEndpoints.slots.response.parse(await response.json());
}
const statesOf = (slots: readonly Slot[] = []) => Object.fromEntries(slots.map((slot) => [slot.startTime, slot.state]));

describe("a week of a doctor's slots (R41)", () => {
  it('says of each what it is for the one who looks', async () => {
    const [mine, others] = [
      await server.signIn(await server.person('patient', 'Mine')),
      await server.signIn(await server.person('patient', 'Others')),
    ];
    const slotAt = async (time: string) => {
      const { days } = await week({ from: '2027-01-12', days: '1' });
      const slot = days[0]?.slots.find(({ startTime }) => startTime === time);
      if (slot === undefined) throw new Error(`There is no slot at ${time}`);
      return slot;
    };
    const { startsAt } = await slotAt('11:20');
    await desk.post(mine, '/api/holds', { doctorId: doctor.id, startsAt });
    const { state: _state, slotNumber: _number, startsAt: start, endsAt: end, ...booked } = await slotAt('11:40');
    const slot = { ...booked, slotNumber: 1, startsAt: new Date(start), endsAt: new Date(end) };
    await desk.booked(others, doctor, slot);
    const expected = {
      '09:00': 'past',
      '09:20': 'past',
      '09:40': 'past',
      // It begins this very minute.
      '10:00': 'past',
      '10:20': 'soon',
      '10:40': 'soon',
      '11:00': 'free',
      '11:20': 'held',
      '11:40': 'taken',
    };
    const stranger = { ...expected, '11:20': 'taken' };
    const today = { from: '2027-01-12', days: '1' };
    expect(statesOf((await week(today, mine)).days[0]?.slots)).toEqual(expected);
    expect(statesOf((await week(today, others)).days[0]?.slots)).toEqual(stranger);
    expect(statesOf((await week(today)).days[0]?.slots)).toEqual(stranger);
    server.clock.advance(11 * MINUTE_MS);
    expect((await slotAt('11:20')).state).toBe('free');
  });

  it('is of the calendar of the one who looks, on whichever side of the date line', async () => {
    await hours({ start: '20:00', end: '22:00' }, { timeZone: 'America/New_York' });
    const { days } = await week({ from: '2027-01-13', timeZone: 'Pacific/Auckland', days: '2' });
    expect(days.map(({ date, slots }) => [date, slots[0]?.date, slots[0]?.startTime, slots[0]?.startsAt])).toEqual([
      ['2027-01-13', '2027-01-12', '20:00', '2027-01-13T01:00:00.000Z'],
      ['2027-01-14', '2027-01-13', '20:00', '2027-01-14T01:00:00.000Z'],
    ]);
  });

  it('has the hours that the day has, where clocks are changed', async () => {
    server.clock.set(Date.parse('2027-03-20T09:00:00Z'));
    await hours({ start: '00:00', end: '24:00', slotMinutes: 60 });
    const { days } = await week({ from: '2027-03-27', days: '3' });
    expect(days.map(({ slots }) => slots.length)).toEqual([24, 23, 24]);
    expect(days[1]?.slots.map(({ startTime }) => startTime)).not.toContain('02:00');
  });

  it.each([
    ['Europe/Berlin', '2027-10-31', 300],
    ['Antarctica/Troll', '2027-10-31', 312],
  ])('has as many slots as the longest day has room for: %s', async (timeZone, from, count) => {
    await hours({ start: '00:00', end: '24:00', slotMinutes: 5 }, { timeZone, furthestDays: 365 });
    const { days } = await week({ from, timeZone, days: '1' });
    expect(days[0]?.slots).toHaveLength(count);
    expect(days[0]?.slots.at(-1)?.slotNumber).toBe(count);
  });

  it('is not reckoned for one account without end, and says when it will be again', async () => {
    const cookie = await server.signIn(await server.person('patient', 'Restless'));
    const ask = (by?: string): Promise<Response> =>
      server.call('GET', `/api/doctors/${'f'.repeat(24)}/slots?from=2027-01-12&timeZone=UTC`, { cookie: by });
    let refused = await ask(cookie);
    for (let turn = 0; turn < 2 * SLOT_LIMITS.account.burst && refused.status === 404; turn += 1) {
      await refused.body?.cancel();
      refused = await ask(cookie);
    }
    expect(refused.headers.get('retry-after')).toBe('1');
    await expectRefusal(refused, 429, 'rate_limited');
    await expectRefusal(await ask(), 404, 'not_found');
  });

  it('tells why a day is empty, and when the doctor is free next', async () => {
    const vacation = { kind: 'vacation', from: '2027-01-20', to: '2027-01-21', hours: null, note: '' } as const;
    const closed = { ...vacation, kind: 'closed', from: '2027-01-22', to: '2027-01-22' } as const;
    const mondays = everyDay({ start: '09:00', end: '10:00' }).filter(({ weekday }) => weekday === 1);
    await desk.schedule(doctor, mondays, { exceptions: [vacation, closed], furthestDays: 20 });
    const empty = await week({ from: '2027-01-19' });
    expect(empty.days.map(({ date, slots, closed: why }) => [date, slots.length, why])).toEqual([
      ['2027-01-19', 0, 'no-hours'],
      ['2027-01-20', 0, 'vacation'],
      ['2027-01-21', 0, 'vacation'],
      ['2027-01-22', 0, 'closed'],
      ['2027-01-23', 0, 'no-hours'],
      ['2027-01-24', 0, 'no-hours'],
      ['2027-01-25', 3, null],
    ]);
    expect(empty.firstFreeDate).toBe('2027-01-25');
    expect((await week({ from: '2027-01-12', days: '1' })).firstFreeDate).toBe('2027-01-18');
    const far = await week({ from: '2027-01-31', days: '3' });
    expect(far.days.map(({ closed: why }) => why)).toEqual(['no-hours', 'too-far', 'too-far']);
    expect(far.firstFreeDate).toBeNull();
  });

  it.each(['before', 'after'])(
    'tells the first free day of one way of meeting, %s the directory knows it',
    async (when) => {
      const ranges = everyDay({ start: '09:00', end: '10:00' });
      const modesOf = (weekday: number) => (weekday === 5 ? ['chat' as const] : ['video' as const]);
      await desk.schedule(
        doctor,
        ranges.filter(({ weekday }) => weekday !== 1).map((each) => ({ ...each, modes: modesOf(each.weekday) })),
      );
      if (when === 'after') await server.application.runJob('refresh directory');
      // A Friday.
      const chat = await week({ from: '2027-01-12', mode: 'chat' });
      expect(chat.firstFreeDate).toBe('2027-01-15');
      expect(chat.days.filter(({ slots }) => slots.length > 0)).toHaveLength(6);
      expect((await week({ from: '2027-01-12', days: '1', mode: 'chat' })).firstFreeDate).toBe('2027-01-15');
      expect((await week({ from: '2027-01-15', days: '1', mode: 'video' })).firstFreeDate).toBe('2027-01-16');
      expect((await week({ from: '2027-01-15', days: '1' })).firstFreeDate).toBe('2027-01-15');
    },
  );

  it('has free for an appointment that is moved what only it takes up, but for the time that it has', async () => {
    await hours({ start: '09:00', end: '12:00', slotMinutes: 60 });
    const [mine, others] = [
      await server.signIn(await server.person('patient', 'Mine')),
      await server.signIn(await server.person('patient', 'Others')),
    ];
    const visit = await desk.booked(mine, doctor, { ...desk.slot(1), ...(await free('2027-01-13')) });
    const day = { from: '2027-01-13', days: '1' };
    const states = async (moves: string | undefined, cookie?: string) =>
      statesOf((await week({ ...day, ...(moves === undefined ? {} : { moves }) }, cookie)).days[0]?.slots);
    expect(await states(visit.id, mine)).toEqual({ '09:00': 'taken', '10:00': 'free', '11:00': 'free' });
    // Its doctor's hours are others now.
    await hours({ start: '09:30', end: '11:30', slotMinutes: 60 });
    expect(await states(undefined, mine)).toEqual({ '09:30': 'taken', '10:30': 'free' });
    expect(await states(visit.id, mine)).toEqual({ '09:30': 'free', '10:30': 'free' });
    expect(await states(visit.id, await server.signIn(doctor))).toEqual({ '09:30': 'free', '10:30': 'free' });
    for (const cookie of [others, undefined]) {
      expect(await states(visit.id, cookie)).toEqual({ '09:30': 'taken', '10:30': 'free' });
    }
    const startsAt = '2027-01-13T08:30:00.000Z';
    expect((await desk.post(mine, `/api/appointments/${visit.id}/holds`, { for: 'move', startsAt })).status).toBe(201);
    expect(await states(visit.id, mine)).toEqual({ '09:30': 'held', '10:30': 'free' });
    expect(await states(visit.id, others)).toEqual({ '09:30': 'taken', '10:30': 'free' });
  });

  it('says nothing about whom a time belongs to', async () => {
    const cookie = await server.signIn(await server.person('patient', 'Secret Name'));
    await desk.booked(cookie, doctor, { ...desk.slot(0), ...(await free()) });
    const response = await server.call('GET', `/api/doctors/${doctor.id}/slots?from=2027-01-12&timeZone=UTC`);
    const text = await response.text();
    expect(text).toContain('"taken"');
    expect(text).not.toContain('Secret');
    expect(text).not.toContain('patientId');
  });

  it('refuses days that are none and too many of them', async () => {
    for (const query of [
      'from=2027-02-30&timeZone=UTC',
      'from=2027-01-12&timeZone=Nowhere',
      'from=2027-01-12&timeZone=UTC&days=8',
      'timeZone=UTC',
      'from=9999-12-31&timeZone=UTC',
      'from=0001-01-01&timeZone=UTC',
    ]) {
      const response = await server.call('GET', `/api/doctors/${doctor.id}/slots?${query}`);
      await expectRefusal(response, 400, 'validation_failed');
    }
    for (const from of ['1900-01-01', '2999-12-31']) {
      const response = await server.call('GET', `/api/doctors/${doctor.id}/slots?from=${from}&timeZone=UTC`);
      expect(response.status, from).toBe(200);
    }
  });
});

/** The first free slot of the week that begins on a day. */
async function free(from = '2027-01-12') {
  const { days } = await week({ from });
  const slot = days.flatMap(({ slots }) => slots).find(({ state }) => state === 'free');
  if (slot === undefined) throw new Error('Nothing is free');
  return { ...slot, startsAt: new Date(slot.startsAt), endsAt: new Date(slot.endsAt) };
}
