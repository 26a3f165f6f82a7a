import { doctorEndpoints, notificationEndpoints, profileEndpoints, scheduleEndpoints } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf, expectRefusal } from '../testing/answers.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let cookies: { doctor: string; patient: string };

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await desk.doctor('Doctor', { confirmation: 'automatic' });
  patient = await server.person('patient', 'Patient');
  cookies = { doctor: await server.signIn(doctor), patient: await server.signIn(patient) };
});

const collection = (name: string) => server.database.connection.collection(name);
/** As a version stored it that took such names. */
const storeZone = (name: string, id: string, timeZone: string) =>
  collection(name).updateOne({ _id: toStoredId(id) }, { $set: { timeZone } });
const get = async (path: string, cookie?: string): Promise<unknown> => {
  const answer = await server.call('GET', path, { cookie });
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return answer.json();
};
const own = async () => scheduleEndpoints.own.response.parse(await get('/api/schedule', cookies.doctor));
const profile = async () => profileEndpoints.own.response.parse(await get('/api/profile', cookies.doctor));
const listed = async () => {
  const { doctors } = doctorEndpoints.search.response.parse(await get('/api/doctors?limit=50'));
  return doctors.find(({ id }) => id === doctor.id);
};
const wanted = { from: new Date().toISOString().slice(0, 10), timeZone: 'Europe/Berlin' };
const week = async () => {
  const query = new URLSearchParams(wanted);
  return doctorEndpoints.slots.response.parse(await get(`/api/doctors/${doctor.id}/slots?${query.toString()}`));
};

describe('a doctor whose zone means several places', () => {
  it('gets answers, is asked to choose, and has no time to be booked until then', async () => {
    const { schedule, version } = await own();
    await storeZone('doctors', doctor.id, 'IST');
    await storeZone('accounts', doctor.id, 'IST');
    expect((await profile()).missing).toContain('timeZone');
    expect(await own()).toMatchObject({ unclearZone: 'IST', schedule: { timeZone: 'UTC' }, version });
    expect((await server.call('GET', '/api/auth/me', { cookie: cookies.doctor })).status).toBe(200);
    expect((await server.call('GET', '/api/appointments/day', { cookie: cookies.doctor })).status).toBe(200);
    await server.application.runJob('refresh directory');
    expect(await week()).toMatchObject({ firstFreeDate: null });
    expect(doctorEndpoints.page.response.parse(await get(`/api/doctors/${doctor.id}`)).doctor.timeZone).toBe('UTC');
    await expectRefusal(await desk.book(cookies.patient, doctor, desk.slot(3)), 409, 'slot_unknown');
    const chosen = { schedule: { ...schedule, timeZone: 'Asia/Kolkata' }, version, keep: [] };
    const preview = await desk.post(cookies.doctor, '/api/schedule/preview', { schedule: chosen.schedule });
    expect(scheduleEndpoints.preview.response.parse(await preview.json()).addedSlots).toBeGreaterThan(0);
    const saved = await server.call('PUT', '/api/schedule', { cookie: cookies.doctor, body: chosen });
    expect(await saved.json()).toMatchObject({ unclearZone: null, schedule: { timeZone: 'Asia/Kolkata' } });
    expect((await profile()).missing).not.toContain('timeZone');
    await server.application.settled();
    expect((await listed())?.nextFree.length).toBeGreaterThan(0);
    await desk.booked(cookies.patient, doctor, desk.slot(3, 0, 20, 'Asia/Kolkata'));
  });

  it('is listed without free times, and keeps nobody else from being listed', async () => {
    await storeZone('doctors', doctor.id, 'PST');
    const other = await desk.doctor('Other');
    await server.application.runJob('refresh directory');
    expect((await listed())?.nextFree).toEqual([]);
    const { doctors } = doctorEndpoints.search.response.parse(await get('/api/doctors?limit=50'));
    expect(doctors.find(({ id }) => id === other.id)?.nextFree.length).toBeGreaterThan(0);
  });

  it('keeps what is booked: both sides read it, are told of changes and can call it off', async () => {
    const visit = await desk.booked(cookies.patient, doctor, desk.slot(3));
    await storeZone('doctors', doctor.id, 'IST');
    await storeZone('accounts', patient.id, 'CST');
    await storeZone('appointments', visit.id, 'IST');
    await collection('notifications').updateMany({}, { $set: { timeZone: 'IST' } });
    for (const cookie of Object.values(cookies)) {
      const read = await appointmentOf(await server.call('GET', `/api/appointments/${visit.id}`, { cookie }));
      expect(read).toMatchObject({ startsAt: visit.startsAt, timeZone: 'UTC' });
      expect(read.startTime).toBe(visit.startsAt.slice(11, 16));
      const bell = notificationEndpoints.list.response.parse(await get('/api/notifications', cookie));
      expect(bell.notifications.map(({ timeZone }) => timeZone)).toContain('UTC');
    }
    const body = { version: visit.version, reason: 'Ill' };
    const ended = await desk.post(cookies.doctor, `/api/appointments/${visit.id}/cancel`, body);
    expect((await appointmentOf(ended)).status).toBe('cancelled');
  });
});
