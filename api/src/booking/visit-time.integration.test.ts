import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { toStoredId } from '../database/ids.ts';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitDesk } from '../testing/visit-desk.ts';

let server: TestServer;
let desk: BookingDesk;
let visits: VisitDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  visits = VisitDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const agreed = async () =>
  appointmentOf(await visits.confirm(doctorCookie, await desk.booked(patientCookie, doctor, desk.slot(3))));

describe('the time of a visit', () => {
  const close = (cookie: string, id: string) => desk.post(cookie, `/api/consultations/${id}/close`, {});
  const stored = (startsInMinutes: number, parts: Partial<NewAppointment> = {}) =>
    server.appointment(doctor, patient, startsInMinutes, parts);

  it('before its start it is ended only if the patient came: nobody has met anybody yet', async () => {
    const now = new Date(server.clock.now());
    for (const parts of [{}, { doctorCameAt: now }]) {
      const id = await stored(20, parts);
      await expectNotAllowed(await close(doctorCookie, id), ['cancel']);
      const notes = NoteDesk.create(server);
      await noteOf(await notes.save(doctorCookie, id, 0));
      await expectNotAllowed(await notes.sign(doctorCookie, id, 1), ['cancel']);
      expect(await visits.read(doctorCookie, id)).toMatchObject({ status: 'scheduled', changes: ['cancel'] });
    }
    const id = await stored(20, { patientCameAt: now });
    expect(await visits.read(doctorCookie, id)).toMatchObject({ changes: ['cancel', 'complete'] });
    expect(await appointmentOf(await close(doctorCookie, id))).toMatchObject({ outcome: 'met' });
  });

  it('after its end it is neither called off nor moved: it took place, or was missed', async () => {
    const id = await stored(-20.01);
    const visit = await visits.read(patientCookie, id);
    expect(visit.changes).toEqual([]);
    await expectNotAllowed(await visits.cancel(patientCookie, visit), []);
    await expectNotAllowed(await visits.cancel(doctorCookie, visit), ['complete', 'miss']);
    await expectNotAllowed(await visits.propose(patientCookie, visit, desk.slot(3)), []);
    const hold = { for: 'move', startsAt: desk.slot(3).startsAt.toISOString() };
    await expectNotAllowed(await desk.post(doctorCookie, `/api/appointments/${id}/holds`, hold), ['complete', 'miss']);
    expect((await visits.cancel(patientCookie, await visits.read(patientCookie, await stored(-19)))).status).toBe(200);
  });

  it('after its end it does not move to a time that was proposed before', async () => {
    const visit = await agreed();
    const proposal = await appointmentOf(await visits.propose(patientCookie, visit, desk.slot(5)));
    server.clock.set(Date.parse(visit.endsAt));
    doctorCookie = await server.signIn(doctor);
    await expectNotAllowed(await visits.confirm(doctorCookie, proposal), ['decline', 'cancel']);
    expect(await visits.read(doctorCookie, visit.id)).toMatchObject({
      status: 'scheduled',
      changes: ['complete', 'miss'],
    });
  });

  it('is over for all others when one of them cannot be ended', async () => {
    const [bad, good] = [await stored(-200), await stored(-100)];
    const broken = { _id: toStoredId(bad) };
    const appointments = server.database.connection.collection('appointments');
    await appointments.updateOne(broken, { $set: { events: 'broken' } });
    await server.application.runJob('end visits that were left');
    expect(await visits.read(doctorCookie, good)).toMatchObject({ status: 'completed', outcome: 'missed' });
    await appointments.updateOne(broken, { $set: { events: [] } });
    await server.application.runJob('end visits that were left');
    expect(await visits.read(doctorCookie, bad)).toMatchObject({ status: 'completed' });
  });

  it('is moved to another one only', async () => {
    const visit = await agreed();
    const same = desk.slot(3);
    await expectRefusal(await visits.propose(patientCookie, visit, same), 409, 'slot_unavailable');
    const hold = { for: 'move', startsAt: same.startsAt.toISOString() };
    await expectRefusal(
      await desk.post(patientCookie, `/api/appointments/${visit.id}/holds`, hold),
      409,
      'slot_unavailable',
    );
    expect(await visits.read(patientCookie, visit.id)).toMatchObject({ version: visit.version, status: 'scheduled' });
  });

  it('what has ended already is not ended again', async () => {
    const closedAt = new Date(server.clock.now());
    const id = await stored(-60, { status: 'completed', outcome: 'met', closedAt });
    await expectNotAllowed(await close(doctorCookie, id), []);
    await expectNotAllowed(await visits.change(doctorCookie, await visits.read(doctorCookie, id), 'miss'), []);
  });
});
