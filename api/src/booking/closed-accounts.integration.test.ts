import { bookingEndpoints, notificationEndpoints, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { CLOSED_ACCOUNTS_MIGRATION } from '../database/closed-accounts-migration.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const MINUTE_MS = 60_000;
const JOB = 'call off visits of closed accounts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let admin: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor', { confirmation: 'automatic' });
  patient = await server.person('patient', 'Patient');
  admin = await server.signIn(await server.person('administrator', 'Admin'));
});

const administer = (what: string, { id }: Person, body: object = {}) =>
  desk.post(admin, `/api/admin/accounts/${id}/${what}`, body);
const read = async (cookie: string, { id }: Appointment) =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie }));
const kindsOf = async (cookie: string) => {
  const answer = await server.call('GET', '/api/notifications', { cookie });
  const { notifications } = notificationEndpoints.list.response.parse(await answer.json());
  return notifications.map(({ kind }) => kind);
};
/** Whether something of the account is still to be called off. */
const isLeaving = async ({ id }: Person) => {
  const account = await server.database.connection.collection('accounts').findOne({ _id: toStoredId(id) });
  return account?.['leaving'] === true;
};
const silent = createLogger({ logLevel: 'silent', logFormat: 'json' });
const statusOf = async (id: string): Promise<unknown> =>
  (await server.database.connection.collection('appointments').findOne({ _id: toStoredId(id) }))?.['status'];
const remindersOf = ({ id }: Appointment) =>
  server.database.connection.collection('reminders').countDocuments({ appointmentId: toStoredId(id) });

describe('an account that is closed', () => {
  it.each(['doctor', 'patient'] as const)(
    'of a %s ends what is to come of it, and tells the other side',
    async (role) => {
      const cookies = { doctor: await server.signIn(doctor), patient: await server.signIn(patient) };
      const [closed, other] = role === 'doctor' ? [doctor, cookies.patient] : [patient, cookies.doctor];
      const agreed = await desk.booked(cookies.patient, doctor, desk.slot(3, 1));
      const manual = await desk.doctor('Manual');
      const asked = await desk.booked(cookies.patient, manual, desk.slot(3, 5));
      expect(await remindersOf(agreed)).toBeGreaterThan(0);
      expect((await administer('disable', closed)).status).toBe(200);
      await server.application.runJob(JOB);
      const ended = await read(other, agreed);
      expect(ended).toMatchObject({ status: 'cancelled', ending: { change: 'cancel', by: 'system' } });
      expect(await remindersOf(agreed)).toBe(0);
      expect((await kindsOf(other))[0]).toBe('cancelled');
      const answer = await server.call('GET', `/api/appointments/${agreed.id}/events`, { cookie: other });
      const { events } = bookingEndpoints.events.response.parse(await answer.json());
      expect(events.at(-1)).toMatchObject({ change: 'cancel', by: 'system' });
      const byManual = await server.signIn(manual);
      expect((await read(byManual, asked)).status).toBe(role === 'patient' ? 'cancelled' : 'pending');
      expect((await administer('enable', closed)).status).toBe(200);
      await server.application.runJob(JOB);
      expect(await read(other, agreed)).toEqual(ended);
    },
  );

  it('keeps what is past, and what both came to', async () => {
    const cookie = await server.signIn(patient);
    const now = new Date(server.clock.now());
    const past = await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt: now });
    const attended = await server.appointment(doctor, patient, -5, { doctorCameAt: now, patientCameAt: now });
    expect((await administer('disable', doctor)).status).toBe(200);
    await server.application.runJob(JOB);
    for (const id of [past, attended]) {
      const visit = await appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie }));
      expect(visit.status).not.toBe('cancelled');
    }
    // What cannot be called off is no work that is left.
    expect(await isLeaving(doctor)).toBe(false);
    server.clock.advance(60 * MINUTE_MS);
    await server.application.runJob('end visits that were left');
    server.clock.advance(-60 * MINUTE_MS);
  });

  it('goes on past what cannot be called off, which is tried again', async () => {
    const cookie = await server.signIn(patient);
    const [first, second] = [
      await desk.booked(cookie, doctor, desk.slot(3, 1)),
      await desk.booked(cookie, doctor, desk.slot(3, 2)),
    ];
    const appointments = server.database.connection.collection('appointments');
    const bad = { _id: toStoredId(first.id) };
    await appointments.updateOne(bad, { $set: { events: 'broken' } });
    expect((await administer('disable', doctor)).status).toBe(200);
    await server.application.runJob(JOB);
    expect([(await read(cookie, second)).status, await isLeaving(doctor)]).toEqual(['cancelled', true]);
    await appointments.updateOne(bad, { $set: { events: [] } });
    await server.application.runJob(JOB);
    expect([(await read(cookie, first)).status, await isLeaving(doctor)]).toEqual(['cancelled', false]);
  });

  it('is not kept waiting by others, however many of them cannot be called off', async () => {
    const accounts = server.database.connection.collection('accounts');
    const visits = server.database.connection.collection('appointments');
    const visit = await visits.findOneAndDelete({ _id: toStoredId(await server.appointment(doctor, patient, 4000)) });
    const stuck = Array.from({ length: 60 }, () => toStoredId(newId()));
    await accounts.insertMany(
      stuck.map((_id, index) => ({
        ...{ _id, role: 'patient', status: 'disabled', name: 'Stuck', email: `stuck.${index}@test.example` },
        ...{ disabledAt: new Date(server.clock.now()), leaving: true },
      })),
    );
    await visits.insertMany(
      stuck.map((patientId) => ({ ...visit, _id: toStoredId(newId()), patientId, events: 'no' })),
    );
    const other = await desk.doctor('Other');
    expect((await administer('disable', other)).status).toBe(200);
    await vi.waitFor(async () => {
      await server.application.runJob(JOB);
      expect(await isLeaving(other)).toBe(false);
    }, 10_000);
    expect(await accounts.countDocuments({ name: 'Stuck', leaving: true })).toBe(stuck.length);
    await accounts.deleteMany({ name: 'Stuck' });
    await visits.deleteMany({ patientId: { $in: stuck } });
  });

  it('has everything called off, however much there is, over as many rounds as it takes', async () => {
    const visits = await Promise.all(
      Array.from({ length: 105 }, (_visit, index) => server.appointment(doctor, patient, 1000 + index * 30)),
    );
    expect((await administer('disable', doctor)).status).toBe(200);
    const left = () =>
      server.database.connection
        .collection('appointments')
        .countDocuments({ _id: { $in: visits.map(toStoredId) }, status: 'scheduled' });
    await server.application.runJob(JOB);
    expect([await left(), await isLeaving(doctor)]).toEqual([5, true]);
    await server.application.runJob(JOB);
    expect([await left(), await isLeaving(doctor)]).toEqual([0, false]);
  });

  it('is swept also when it was closed before that called anything off', async () => {
    const cookie = await server.signIn(patient);
    const agreed = await desk.booked(cookie, doctor, desk.slot(3, 1));
    const disabledAt = new Date(server.clock.now());
    const closed = { status: 'disabled', disabledAt };
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(doctor.id) }, { $set: closed, $unset: { leaving: '' } });
    await server.application.runJob(JOB);
    expect((await read(cookie, agreed)).status).toBe('scheduled');
    await CLOSED_ACCOUNTS_MIGRATION.run(server.database.connection, silent);
    await Promise.all([server.application.runJob(JOB), server.application.runJob(JOB)]);
    expect(await read(cookie, agreed)).toMatchObject({ status: 'cancelled', ending: { by: 'system' } });
    expect((await kindsOf(cookie)).filter((kind) => kind === 'cancelled')).toHaveLength(1);
    expect(await accounts.countDocuments({ leaving: true })).toBe(0);
  });

  it('gets nothing new: neither from patients, nor from its doctor, nor at the same moment', async () => {
    const closedAt = new Date(server.clock.now());
    const over = await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt });
    const doctorCookie = await server.signIn(doctor);
    expect((await administer('disable', patient)).status).toBe(200);
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(4));
    const path = `/api/appointments/${over}/follow-up`;
    await expectRefusal(await desk.post(doctorCookie, path, wanted), 409, 'conflict');
    for (let round = 0; round < 5; round += 1) {
      const next = await desk.doctor('Next', { confirmation: 'automatic' });
      const other = await server.signIn(await server.person('patient', 'Other'));
      const [booked] = await Promise.all([desk.book(other, next, desk.slot(4, round)), administer('disable', next)]);
      await server.application.runJob(JOB);
      if (!booked.ok) continue;
      expect((await read(other, await appointmentOf(booked))).status).toBe('cancelled');
    }
  });

  it.each([
    { way: 'by the migration', before: 'patient', after: 'doctor' },
    { way: 'by the migration', before: 'doctor', after: 'patient' },
    { way: 'by an administrator', before: 'patient', after: 'doctor' },
    { way: 'by an administrator', before: 'doctor', after: 'patient' },
  ] as const)(
    'that is open keeps what it has in its new role alone, $way: $before to $after',
    async ({ way, before, after }) => {
      const [person, partner] = before === 'doctor' ? [doctor, patient] : [patient, doctor];
      const partnerCookie = await server.signIn(partner);
      const leftover = await server.appointment(doctor, patient, 2000);
      const accounts = server.database.connection.collection('accounts');
      if (way === 'by the migration')
        await accounts.updateOne({ _id: toStoredId(person.id) }, { $set: { role: after } });
      else expect((await administer('role', person, { role: after })).status).toBe(200);
      const next = await server.person(before, 'Next');
      const [newDoctor, newPatient] = after === 'doctor' ? [person, next] : [next, person];
      const valid = await server.appointment(newDoctor, newPatient, 2000);
      if (way === 'by the migration') await CLOSED_ACCOUNTS_MIGRATION.run(server.database.connection, silent);
      expect(await isLeaving(person)).toBe(true);
      await server.application.runJob(JOB);
      expect([await statusOf(leftover), await statusOf(valid)]).toEqual(['cancelled', 'scheduled']);
      expect(await isLeaving(person)).toBe(false);
      expect((await kindsOf(partnerCookie))[0]).toBe('cancelled');
      expect((await administer('disable', next)).status).toBe(200);
      await server.application.runJob(JOB);
      expect(await statusOf(valid)).toBe('cancelled');
    },
  );

  it('that is reopened at once still loses what was left of a former role', async () => {
    const leftover = await server.appointment(doctor, patient, 2000);
    expect((await administer('role', doctor, { role: 'patient' })).status).toBe(200);
    expect((await administer('disable', doctor)).status).toBe(200);
    expect((await administer('enable', doctor)).status).toBe(200);
    await server.application.runJob(JOB);
    expect([await statusOf(leftover), await isLeaving(doctor)]).toEqual(['cancelled', false]);
  });

  it('is not done while another time is offered that may become a request of its own', async () => {
    // Nobody has answered the request, and no job has ended it yet.
    const asked = await server.appointment(doctor, patient, -60, { status: 'pending', awaiting: 'doctor' });
    const offer = { status: 'pending', awaiting: 'patient', proposedBy: 'doctor', replacesId: asked } as const;
    const offered = await server.appointment(doctor, patient, 3000, offer);
    expect((await administer('disable', doctor)).status).toBe(200);
    await server.application.runJob(JOB);
    await server.application.runJob('expire requests');
    expect([await statusOf(asked), await statusOf(offered)]).toEqual(['cancelled', 'pending']);
    await server.application.runJob(JOB);
    expect([await statusOf(offered), await isLeaving(doctor)]).toEqual(['cancelled', false]);
  });

  it('is treated the same when it gets another role', async () => {
    const cookie = await server.signIn(patient);
    const agreed = await desk.booked(cookie, doctor, desk.slot(3, 1));
    expect((await administer('role', doctor, { role: 'staff' })).status).toBe(200);
    await server.application.runJob(JOB);
    expect((await read(cookie, agreed)).status).toBe('cancelled');
  });
});
