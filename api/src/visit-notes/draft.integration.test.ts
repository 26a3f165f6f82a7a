import { errorBodySchema } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { noteContent, noteOf } from '../testing/note-desk.ts';
import { it } from '../testing/record-test.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

describe('a draft', () => {
  it('may be as long as its fields allow, in any script', async ({ server, doctor, patient, cookies }) => {
    const id = await server.appointment(doctor, patient);
    const letters = 'ش'.repeat(10_000);
    const content = {
      subjective: letters,
      objective: letters,
      assessment: letters,
      plan: letters,
      text: `${letters}${letters}`,
    };
    const body = { content, shared: true, version: 0 };
    const saved = await server.call('PUT', `/api/appointments/${id}/note`, { cookie: cookies.doctor, body });
    expect((await noteOf(saved)).content).toEqual(content);
  });

  it('starts blank, is saved version by version, and reads as it was saved', async ({ all }) => {
    const { server, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const blank = await noteOf(await desk.read(cookies.doctor, id));
    expect(blank).toMatchObject({ version: 0, content: noteContent(), savedAt: null, signedAt: null, shared: true });
    expect(blank).toMatchObject({ doctorName: doctor.name, patientName: patient.name, amendments: [] });
    const first = await noteOf(await desk.save(cookies.doctor, id, 0, { subjective: 'Cough' }));
    expect(first).toMatchObject({ version: 1, savedAt: new Date(server.clock.now()).toISOString(), signedAt: null });
    const second = await noteOf(await desk.save(cookies.doctor, id, 1, { subjective: 'Cough', plan: 'Tea' }, false));
    expect(second).toMatchObject({
      version: 2,
      content: noteContent({ subjective: 'Cough', plan: 'Tea' }),
      shared: false,
    });
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(second);
  });

  it('of another tab is not overwritten; the same content sent again is answered as before', async ({ all }) => {
    const { server, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const first = await noteOf(await desk.save(cookies.doctor, id, 0, { text: 'One' }));
    expect(await noteOf(await desk.save(cookies.doctor, id, 0, { text: 'One' }))).toEqual(first);
    expect(await noteOf(await desk.save(cookies.doctor, id, 1, { text: 'One' }))).toEqual(first);
    await expectRefusal(await desk.save(cookies.doctor, id, 0, { text: 'Two' }), 409, 'note_conflict');
    await expectRefusal(await desk.save(cookies.doctor, id, 2, { text: 'One' }), 409, 'note_conflict');
    // What is needed to show both.
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(first);
    const fresh = await server.appointment(doctor, patient, 60);
    await expectRefusal(await desk.save(cookies.doctor, fresh, 1), 409, 'note_conflict');
  });

  it('of ten tabs at the same moment: one is saved, the others are told, first drafts too', async ({ all }) => {
    const { server, desk, notes, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    for (const version of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, tab) =>
          desk.save(cookies.doctor, id, version, { text: `Tab ${tab} of ${version}` }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    }
    expect((await notes.ofVisit(id))?.version).toBe(2);
  });

  it('is for its doctor: nobody else can write it, and nobody else learns that there is one', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const colleague = await server.person('doctor', 'Dr. Cole');
    const body = { doctorId: colleague.id };
    await server.call('POST', `/api/appointments/${id}/colleagues`, { cookie: cookies.doctor, body });
    await server.appointment(await server.person('doctor', 'Dr. Unrelated'), patient);
    const treating = await server.signIn(colleague);
    const before = await desk.read(treating, id);
    await expectRefusal(before, 404, 'not_found');
    const heard: unknown[] = [];
    const socket = await AppSocketClient.connect(server.url, cookies.patient);
    socket.socket.on('appointment.changed', (payload: unknown) => heard.push(payload));
    const version = (await clinic.visitAs(cookies.patient, id)).version;
    await noteOf(await desk.save(cookies.doctor, id, 0, { assessment: 'A secret suspicion' }));
    for (const [cookie, status, code] of [
      [cookies.patient, 404, 'not_found'],
      [treating, 404, 'not_found'],
      [cookies.other, 403, 'forbidden'],
      [cookies.stranger, 403, 'forbidden'],
    ] as const) {
      await expectRefusal(await desk.read(cookie, id), status, code);
      for (const answer of [
        await desk.save(cookie, id, 1),
        await desk.sign(cookie, id, 1),
        await desk.share(cookie, id, true),
        await desk.amend(cookie, id, 'More'),
      ]) {
        await expectRefusal(answer, 403, 'forbidden');
      }
    }
    const other = (await server.call('GET', `/api/patients/${patient.id}/history`, { cookie: treating })).text();
    expect(await other).not.toContain('draft');
    expect(await clinic.visitAs(cookies.doctor, id)).toMatchObject({ note: 'draft' });
    expect(await clinic.visitAs(treating, id)).toMatchObject({ note: 'none' });
    expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ note: 'none', version });
    // The socket answers in order: what was published before this has arrived.
    await socket.request('consultation.watch', { consultationId: id });
    expect(heard).toEqual([]);
    socket.close();
  });

  it('is not open to staff, administrators and doctors whose approval is pending', async ({ all }) => {
    const { server, desk, patient, cookies } = all;
    const pending = await server.person('doctor', 'Dr. Pending');
    const id = await server.appointment(pending, patient);
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(pending.id) }, { $set: { approvedAt: null, status: 'pending' } });
    await expectRefusal(await desk.read(await server.signIn(pending), id), 403, 'account_pending');
    await expectRefusal(await desk.save(await server.signIn(pending), id, 0), 403, 'account_pending');
    for (const role of ['staff', 'administrator'] as const) {
      const cookie = await server.signIn(await server.person(role, 'Somebody'));
      await expectRefusal(await desk.read(cookie, id), 403, 'forbidden');
      await expectRefusal(await desk.save(cookie, id, 0), 403, 'forbidden');
    }
    await expectRefusal(await desk.read(cookies.doctor, 'f'.repeat(24)), 404, 'not_found');
  });

  it('can be written from the confirmation on', async ({ server, desk, doctor, patient, cookies }) => {
    const pending = await server.appointment(doctor, patient, 3 * DAY_MINUTES, {
      status: 'pending',
      awaiting: 'doctor',
    });
    const refused = await desk.save(cookies.doctor, pending, 0);
    expect(refused.status).toBe(409);
    const { error } = errorBodySchema.parse(await refused.json());
    expect(error).toMatchObject({ code: 'change_not_allowed', allowed: ['confirm', 'decline', 'cancel'] });
    for (const status of ['cancelled', 'rescheduled'] as const) {
      const id = await server.appointment(doctor, patient, 60, { status, closedAt: new Date() });
      await expectRefusal(await desk.save(cookies.doctor, id, 0), 409, 'change_not_allowed');
    }
    expect(
      (await desk.save(cookies.doctor, await server.appointment(doctor, patient, 3 * DAY_MINUTES), 0)).status,
    ).toBe(200);
    const over = { status: 'completed', outcome: 'missed', closedAt: new Date() } as const;
    expect((await desk.save(cookies.doctor, await server.appointment(doctor, patient, -60, over), 0)).status).toBe(200);
  });

  it('is told of in the trail once a sitting, without a word of it', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    for (const version of [0, 1, 2])
      await noteOf(await desk.save(cookies.doctor, id, version, { text: `Itch ${version}` }));
    expect(await clinic.trailOf(id)).toEqual(['create note_draft']);
    server.clock.advance(16 * MINUTE_MS);
    cookies.doctor = await server.signIn(doctor);
    await noteOf(await desk.save(cookies.doctor, id, 3, { text: 'Itch again' }));
    expect(await clinic.trailOf(id)).toEqual(['create note_draft', 'change note_draft']);
    const entries = await server.database.connection.collection('audit_entries').find({ resourceId: id }).toArray();
    expect(JSON.stringify(entries)).not.toContain('Itch');
    expect(server.logLines.join('\n')).not.toContain('Itch');
  });
});
