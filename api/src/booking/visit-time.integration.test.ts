import { describe, expect } from 'vitest';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { toStoredId } from '../database/ids.ts';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { it as visitTest } from '../testing/visit-test.ts';

const it = visitTest
  .extend(
    'close',
    ({ desk }) =>
      (cookie: string, id: string) =>
        desk.post(cookie, `/api/consultations/${id}/close`, {}),
  )
  .extend(
    'stored',
    ({ server, doctor, patient }) =>
      (startsInMinutes: number, parts: Partial<NewAppointment> = {}) =>
        server.appointment(doctor, patient, startsInMinutes, parts),
  );

describe('the time of a visit', () => {
  it('before its start it is ended only if the patient came: nobody has met anybody yet', async ({
    all,
    close,
    stored,
  }) => {
    const { server, visits, cookies } = all;
    const now = new Date(server.clock.now());
    for (const parts of [{}, { doctorCameAt: now }]) {
      const id = await stored(20, parts);
      await expectNotAllowed(await close(cookies.doctor, id), ['cancel']);
      const notes = NoteDesk.create(server);
      await noteOf(await notes.save(cookies.doctor, id, 0));
      await expectNotAllowed(await notes.sign(cookies.doctor, id, 1), ['cancel']);
      expect(await visits.read(cookies.doctor, id)).toMatchObject({ status: 'scheduled', changes: ['cancel'] });
    }
    const id = await stored(20, { patientCameAt: now });
    expect(await visits.read(cookies.doctor, id)).toMatchObject({ changes: ['cancel', 'complete'] });
    expect(await appointmentOf(await close(cookies.doctor, id))).toMatchObject({ outcome: 'met' });
  });

  it('after its end it is neither called off nor moved: it took place, or was missed', async ({ all, stored }) => {
    const { desk, visits, cookies } = all;
    const id = await stored(-20.01);
    const visit = await visits.read(cookies.patient, id);
    expect(visit.changes).toEqual([]);
    await expectNotAllowed(await visits.cancel(cookies.patient, visit), []);
    await expectNotAllowed(await visits.cancel(cookies.doctor, visit), ['complete', 'miss']);
    await expectNotAllowed(await visits.propose(cookies.patient, visit, desk.slot(3)), []);
    const hold = { for: 'move', startsAt: desk.slot(3).startsAt.toISOString() };
    await expectNotAllowed(await desk.post(cookies.doctor, `/api/appointments/${id}/holds`, hold), [
      'complete',
      'miss',
    ]);
    expect((await visits.cancel(cookies.patient, await visits.read(cookies.patient, await stored(-19)))).status).toBe(
      200,
    );
  });

  it('after its end it does not move to a time that was proposed before', async ({ all }) => {
    const { server, desk, visits, doctor, cookies, agreed } = all;
    const visit = await agreed();
    const proposal = await appointmentOf(await visits.propose(cookies.patient, visit, desk.slot(5)));
    server.clock.set(Date.parse(visit.endsAt));
    cookies.doctor = await server.signIn(doctor);
    await expectNotAllowed(await visits.confirm(cookies.doctor, proposal), ['decline', 'cancel']);
    expect(await visits.read(cookies.doctor, visit.id)).toMatchObject({
      status: 'scheduled',
      changes: ['complete', 'miss'],
    });
  });

  it('is over for all others when one of them cannot be ended', async ({ server, visits, cookies, stored }) => {
    const [bad, good] = [await stored(-200), await stored(-100)];
    const broken = { _id: toStoredId(bad) };
    const appointments = server.database.connection.collection('appointments');
    await appointments.updateOne(broken, { $set: { events: 'broken' } });
    await server.application.runJob('end visits that were left');
    expect(await visits.read(cookies.doctor, good)).toMatchObject({ status: 'completed', outcome: 'missed' });
    await appointments.updateOne(broken, { $set: { events: [] } });
    await server.application.runJob('end visits that were left');
    expect(await visits.read(cookies.doctor, bad)).toMatchObject({ status: 'completed' });
  });

  it('is moved to another one only', async ({ desk, visits, cookies, agreed }) => {
    const visit = await agreed();
    const same = desk.slot(3);
    await expectRefusal(await visits.propose(cookies.patient, visit, same), 409, 'slot_unavailable');
    const hold = { for: 'move', startsAt: same.startsAt.toISOString() };
    await expectRefusal(
      await desk.post(cookies.patient, `/api/appointments/${visit.id}/holds`, hold),
      409,
      'slot_unavailable',
    );
    expect(await visits.read(cookies.patient, visit.id)).toMatchObject({ version: visit.version, status: 'scheduled' });
  });

  it('what has ended already is not ended again', async ({ server, visits, cookies, close, stored }) => {
    const closedAt = new Date(server.clock.now());
    const id = await stored(-60, { status: 'completed', outcome: 'met', closedAt });
    await expectNotAllowed(await close(cookies.doctor, id), []);
    await expectNotAllowed(await visits.change(cookies.doctor, await visits.read(cookies.doctor, id), 'miss'), []);
  });
});
