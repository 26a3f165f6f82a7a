import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { findBreaches } from '../booking/integrity.ts';
import { IntegrityRepository } from '../booking/integrity.repository.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { appointmentOf, appointmentsOf } from '../testing/answers.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { appointmentModel } from './appointment.model.ts';
import { CareRelationRepository } from './care-relation.repository.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let colleague: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  [doctor, colleague] = [await desk.doctor('Doctor'), await desk.doctor('Colleague')];
  patient = await server.person('patient', 'Patient');
});

const relations = () => CareRelationRepository.create(server.database.connection);
const doctorsOf = async ({ id }: Person) => (await relations().doctorsOf(id)).map(String);
/** Appointments that a test inserts by itself have no claims. */
const breaches = async () => {
  const found = await findBreaches(IntegrityRepository.create(server.database.connection));
  return found.filter(({ kind }) => kind === 'missing-relation');
};

describe('care relations', () => {
  it('come with a booking and with a colleague, whose lists then have the appointment', async () => {
    const cookies = { doctor: await server.signIn(doctor), colleague: await server.signIn(colleague) };
    const cookie = await server.signIn(patient);
    const { id } = await desk.booked(cookie, doctor, desk.slot(2));
    expect([await doctorsOf(patient), await doctorsOf(colleague)]).toEqual([[doctor.id], []]);
    const body = { doctorId: colleague.id };
    const path = `/api/appointments/${id}/colleagues`;
    await appointmentOf(await server.call('POST', path, { cookie: cookies.doctor, body }));
    expect(await doctorsOf(colleague)).toEqual([doctor.id]);
    // Between two of the colleague's own, in one order.
    const own = [await server.appointment(colleague, patient, 60), await server.appointment(colleague, patient, 9000)];
    const list = await appointmentsOf(
      await server.call('GET', '/api/appointments/doctor', { cookie: cookies.colleague }),
    );
    expect(list.map((appointment) => appointment.id)).toEqual([own[0], id, own[1]]);
    const listed = await appointmentsOf(await server.call('GET', '/api/appointments/patient', { cookie }));
    expect(listed.map((appointment) => appointment.id)).toEqual([own[0], id, own[1]]);
    expect(await breaches()).toEqual([]);
  });

  it('stand once, however many note them at the same moment', async () => {
    const notes = Array.from({ length: 100 }, () => relations().note(patient.id, doctor.id));
    await Promise.all(notes);
    expect(await doctorsOf(patient)).toEqual([doctor.id]);
    const indexes = await server.database.connection.collection('care_relations').indexes();
    const pair = { key: { accountId: 1, doctorId: 1 }, unique: true };
    expect(indexes).toContainEqual(expect.objectContaining(pair));
  });

  it('that an older process has not noted come with a job, for what is still to come, whoever runs it how often', async () => {
    const cookie = await server.signIn(patient);
    const { id } = await desk.booked(cookie, doctor, desk.slot(2));
    await server.database.connection
      .collection('appointments')
      .updateOne({ _id: toStoredId(id) }, { $set: { colleagueIds: [toStoredId(colleague.id)] } });
    const pairs = server.database.connection.collection('care_relations');
    await pairs.deleteMany({ doctorId: toStoredId(doctor.id) });
    const listed = async () => {
      const list = await server.call('GET', '/api/appointments/patient', { cookie });
      return (await appointmentsOf(list)).map((appointment) => appointment.id);
    };
    expect(await listed()).toEqual([]);
    const run = () => server.application.runJob('note who takes part');
    await Promise.all([run(), run()]);
    await run();
    expect(await listed()).toEqual([id]);
    expect([await doctorsOf(patient), await doctorsOf(colleague)]).toEqual([[doctor.id], [doctor.id]]);
    expect(await pairs.countDocuments({ doctorId: toStoredId(doctor.id) })).toBe(2);
    expect(await breaches()).toEqual([]);
  });

  it('are looked for by the check of integrity', async () => {
    const id = await server.appointment(doctor, patient, 600, { status: 'cancelled' });
    expect(await breaches()).toEqual([]);
    const pair = { accountId: toStoredId(patient.id), doctorId: toStoredId(doctor.id) };
    await server.database.connection.collection('care_relations').deleteOne(pair);
    expect(await breaches()).toEqual([{ kind: 'missing-relation', id }]);
    await relations().note(patient.id, doctor.id);
  });
});

describe('whose an appointment is', () => {
  it.each(['doctorId', 'patientId'] as const)('never changes: its %s is written once', async (field) => {
    const _id = toStoredId(await server.appointment(doctor, patient, 600, { status: 'cancelled' }));
    const appointments = appointmentModel(server.database.connection);
    const before = await appointments.findById(_id).lean();
    await appointments.updateOne({ _id }, { $set: { [field]: toStoredId(newId()), reason: 'Changed' } });
    expect(await appointments.findById(_id).lean()).toEqual({ ...before, reason: 'Changed' });
  });
});
