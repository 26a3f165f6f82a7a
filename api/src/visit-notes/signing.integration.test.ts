import { bookingEndpoints, RATING_DAYS } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { noteContent, noteOf } from '../testing/note-desk.ts';
import { it } from '../testing/record-test.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

describe('signing (R26, R45)', () => {
  it('completes the visit, tells both sides, and the note stays as it is from then on', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const heard: unknown[] = [];
    const socket = await AppSocketClient.connect(server.url, cookies.patient);
    socket.socket.on('appointment.changed', (payload: unknown) => heard.push(payload));
    await noteOf(await desk.save(cookies.doctor, id, 0, { plan: 'Rest' }));
    const signed = await noteOf(await desk.sign(cookies.doctor, id, 1));
    expect(signed).toMatchObject({
      version: 1,
      signedAt: new Date(server.clock.now()).toISOString(),
      signedBy: doctor.name,
      content: noteContent({ plan: 'Rest' }),
      shared: true,
    });
    expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({
      status: 'completed',
      outcome: 'met',
      note: 'signed',
    });
    expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ status: 'completed', note: 'signed' });
    await socket.request('consultation.watch', { consultationId: id });
    expect(heard).toEqual([{ appointmentId: id }]);
    socket.close();
    expect(await clinic.kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
    expect(await clinic.kindsOf(doctor.id)).toEqual(['completed']);
    expect(await clinic.trailOf(id)).toEqual(['create note_draft', 'change note_signed']);
    // Sent again after a lost answer.
    expect(await noteOf(await desk.sign(cookies.doctor, id, 1))).toEqual(signed);
    expect(await clinic.kindsOf(patient.id)).toHaveLength(2);
    await expectRefusal(await desk.sign(cookies.doctor, id, 1, false), 409, 'note_signed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'Work' }), 409, 'note_signed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'Rest' }), 409, 'note_signed');
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(signed);
  });

  it('is kept by the repository too: nothing that is signed can be saved or signed over', async ({ all }) => {
    const { server, desk, notes, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id, { text: 'As it was' });
    const before = await notes.ofVisit(id);
    const at = new Date(0);
    const draft = { content: noteContent({ text: 'Forged' }), shared: false, savedAt: at, auditedAt: at };
    const signature = { shared: false, signedAt: at, signedBy: 'Nobody' };
    await server.database.transaction(async (transaction) => {
      expect(await notes.save(id, 1, draft, transaction)).toBeUndefined();
      expect(await notes.sign(id, 1, signature, transaction)).toBeUndefined();
    });
    const visit = { id, doctorId: doctor.id, patientId: patient.id };
    const again = server.database.transaction((transaction) => notes.begin(visit, draft, transaction));
    await expect(again).rejects.toThrow(/E11000/);
    expect(await notes.ofVisit(id)).toEqual(before);
  });

  it('is for the version that was read, with something in it, of a visit that has begun', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    await expectRefusal(await desk.sign(cookies.doctor, id, 0), 400, 'validation_failed');
    await noteOf(await desk.save(cookies.doctor, id, 0, {}));
    await expectRefusal(await desk.sign(cookies.doctor, id, 1), 400, 'validation_failed');
    await noteOf(await desk.save(cookies.doctor, id, 1));
    await expectRefusal(await desk.sign(cookies.doctor, id, 1), 409, 'note_conflict');
    const early = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await noteOf(await desk.save(cookies.doctor, early, 0));
    await expectRefusal(await desk.sign(cookies.doctor, early, 1), 409, 'change_not_allowed');
    const cancelled = await server.appointment(doctor, patient, 60, { status: 'cancelled', closedAt: new Date() });
    await expectRefusal(await desk.sign(cookies.doctor, cancelled, 0), 409, 'change_not_allowed');
    expect(await clinic.visitAs(cookies.doctor, early)).toMatchObject({ status: 'scheduled', note: 'draft' });
  });

  it('of a visit that is over already leaves its outcome, also when its doctor has said that it was missed', async ({
    all,
  }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    for (const outcome of ['met', 'missed'] as const) {
      const closedAt = new Date(server.clock.now() - MINUTE_MS);
      const id = await server.appointment(doctor, patient, -60, { status: 'completed', outcome, closedAt });
      await desk.signed(cookies.doctor, id);
      expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ status: 'completed', outcome, note: 'signed' });
    }
    expect(await clinic.kindsOf(patient.id)).toEqual(['note-shared', 'note-shared']);
  });

  it('of a visit that only the product counts as missed says that the two met after all', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient, -120);
    await server.application.runJob('end visits that were left');
    expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({ status: 'completed', outcome: 'missed' });
    server.clock.advance(5 * MINUTE_MS);
    const signedAt = server.clock.now();
    await desk.signed(cookies.doctor, id, { text: 'The video failed; we spoke on the phone.' });
    const visit = await clinic.visitAs(cookies.patient, id);
    expect(visit).toMatchObject({ status: 'completed', outcome: 'met', note: 'signed' });
    // From now on, not from when it was counted as missed.
    expect(visit.rateableUntil).toBe(new Date(signedAt + RATING_DAYS * DAY_MINUTES * MINUTE_MS).toISOString());
    const answer = await server.call('GET', `/api/appointments/${id}/events`, { cookie: cookies.patient });
    const { events } = bookingEndpoints.events.response.parse(await answer.json());
    expect(events.map(({ change, by }) => [change, by])).toEqual([
      ['miss', 'system'],
      ['complete', 'doctor'],
    ]);
    expect((await clinic.kindsOf(patient.id)).sort()).toEqual(['completed', 'missed', 'note-shared']);
    const changed = { resource: 'appointment', resourceId: id, action: 'change' };
    const trail = server.database.connection.collection('audit_entries').find(changed).sort({ at: 1, _id: 1 });
    const last = (await trail.toArray()).at(-1);
    expect(last).toMatchObject({ detail: 'appointment_complete', patientId: patient.id, accountId: doctor.id });
  });

  it('of a visit whose doctor has said that it was missed leaves it so, and tells nothing else of it', async ({
    all,
  }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient, -120);
    const { version } = await clinic.visitAs(cookies.doctor, id);
    const body = { version };
    const said = await server.call('POST', `/api/appointments/${id}/miss`, { cookie: cookies.doctor, body });
    expect(said.status).toBe(200);
    await desk.signed(cookies.doctor, id, { text: 'Nobody came. I phoned in vain.' });
    expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ outcome: 'missed', note: 'signed' });
    expect(await clinic.kindsOf(patient.id)).toEqual(['missed', 'note-shared']);
  });

  it('while it is closed at the same moment, or somebody tries to call it off, completes what both came to', async ({
    all,
  }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    for (let round = 0; round < 6; round += 1) {
      const came = new Date(server.clock.now());
      const id = await server.appointment(doctor, patient, 0, { doctorCameAt: came, patientCameAt: came });
      await noteOf(await desk.save(cookies.doctor, id, 0));
      const { version } = await clinic.visitAs(cookies.doctor, id);
      const isClosed = round % 2 === 0;
      const other = isClosed
        ? server.call('POST', `/api/consultations/${id}/close`, { cookie: cookies.doctor })
        : server.call('POST', `/api/appointments/${id}/cancel`, {
            cookie: cookies.patient,
            body: { version, reason: 'Ill' },
          });
      const [signed, ended] = await Promise.all([desk.sign(cookies.doctor, id, 1), other]);
      expect(signed.status).toBe(200);
      expect(isClosed ? [200, 409] : [409]).toContain(ended.status);
      expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({
        status: 'completed',
        outcome: 'met',
        note: 'signed',
      });
    }
  });

  it('is not for a visit that was called off before; its doctor can still read what they drafted', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const draft = await noteOf(await desk.save(cookies.doctor, id, 0, { plan: 'Ask for the old pictures' }));
    const { version } = await clinic.visitAs(cookies.patient, id);
    const body = { version, reason: 'Ill' };
    const cancelled = await server.call('POST', `/api/appointments/${id}/cancel`, { cookie: cookies.patient, body });
    expect(cancelled.status).toBe(200);
    await expectRefusal(await desk.sign(cookies.doctor, id, 1), 409, 'change_not_allowed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'More' }), 409, 'change_not_allowed');
    expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({ status: 'cancelled', note: 'draft' });
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(draft);
    await expectRefusal(await desk.read(cookies.patient, id), 404, 'not_found');
  });

  it('that cannot be audited has not happened', async ({ server, clinic, desk, doctor, patient, cookies }) => {
    const id = await server.appointment(doctor, patient);
    await noteOf(await desk.save(cookies.doctor, id, 0));
    await clinic.withoutTrail(async () => {
      await expectRefusal(await desk.sign(cookies.doctor, id, 1), 500, 'internal');
      await expectRefusal(await desk.read(cookies.doctor, id), 500, 'internal');
      server.clock.advance(16 * MINUTE_MS);
      cookies.doctor = await server.signIn(doctor);
      await expectRefusal(await desk.save(cookies.doctor, id, 1, { text: 'More' }), 500, 'internal');
    });
    expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({ status: 'scheduled', note: 'draft' });
    expect(await noteOf(await desk.read(cookies.doctor, id))).toMatchObject({ version: 1, signedAt: null });
    expect(await clinic.kindsOf(patient.id)).toEqual([]);
  });
});
