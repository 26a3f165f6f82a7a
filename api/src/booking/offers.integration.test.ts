import { APPOINTMENT_MODES, errorBodySchema, type AppointmentMode } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { BookingDesk, everyDay } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  desk = BookingDesk.create(server);
  cookie = await server.signIn(await server.person('patient', 'Patient'));
});
afterAll(() => closeWhole(server));

const offersOf = async (response: Response) => {
  expect(response.status).toBe(409);
  return errorBodySchema.parse(await response.json()).error.offers ?? [];
};
const hours = (start: string, end: string, modes: readonly AppointmentMode[]) =>
  everyDay({ start, end }).map((time) => ({ ...time, modes: [...modes] }));

describe('other times after a conflict', () => {
  it('are of the way of meeting that was asked for', async () => {
    const doctor = await desk.doctor('Modes');
    await desk.schedule(doctor, [
      ...hours('00:00', '12:00', ['chat']),
      ...hours('12:00', '12:20', APPOINTMENT_MODES),
      ...hours('12:20', '24:00', ['chat']),
    ]);
    const noon = Array.from({ length: 73 }, (_item, index) => desk.slot(3, index)).find(
      ({ startTime }) => startTime === '12:00',
    );
    if (noon === undefined) throw new Error('There is no noon');
    const other = await server.signIn(await server.person('patient', 'Other'));
    await desk.booked(other, doctor, noon);
    const offers = await offersOf(await desk.book(cookie, doctor, noon, { mode: 'video' }));
    expect(offers.map(({ slot }) => [slot.startTime, slot.modes])).toEqual(
      Array.from({ length: 3 }, () => ['12:00', APPOINTMENT_MODES]),
    );
  });

  it('are of colleagues who have free time, whoever was there before them', async () => {
    const { connection } = server.database;
    const rare = async (person: Person): Promise<Person> => {
      await connection
        .collection('doctors')
        .updateOne({ _id: toStoredId(person.id) }, { $set: { specialization: 'Rare' } });
      return person;
    };
    const doctor = await rare(await desk.doctor('Full'));
    const oneSlot = everyDay({ start: '12:00', end: '12:20' });
    await desk.schedule(doctor, oneSlot, { furthestDays: 2 });
    for (let index = 0; index < 6; index += 1) {
      const gone = await rare(await desk.doctor(`Gone ${index}`));
      await connection
        .collection('accounts')
        .updateOne({ _id: toStoredId(gone.id) }, { $set: { status: 'disabled', disabledAt: new Date() } });
      await rare(await server.person('doctor', `Without hours ${index}`));
    }
    const free = await rare(await desk.doctor('Free'));
    await server.application.runJob('refresh directory');
    const page = await server.call('GET', `/api/doctors/${doctor.id}/slots?from=${today()}&timeZone=Europe/Berlin`);
    expect(page.status).toBe(200);
    const startsAt = /"startsAt":"([^"]+)"[^{}]*"state":"free"/.exec(await page.text())?.[1];
    const keep = async (by: string) => desk.post(by, '/api/holds', { doctorId: doctor.id, startsAt });
    expect((await keep(await server.signIn(await server.person('patient', 'Other')))).status).toBe(201);
    const offers = await offersOf(await keep(cookie));
    expect(offers).toHaveLength(3);
    expect(offers.filter(({ doctorId }) => doctorId !== doctor.id).map(({ doctorName }) => doctorName)).toEqual(
      expect.arrayContaining(['Free']),
    );
    expect(offers.every(({ doctorId }) => [doctor.id, free.id].includes(doctorId))).toBe(true);
  });
});

const today = (): string => new Date(server.clock.now()).toISOString().slice(0, 10);
