import { randomUUID } from 'node:crypto';
import { bookingEndpoints, errorBodySchema, recordAccessSchema } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf, expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { NoteDesk, noteContent, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitNoteRepository } from './visit-note.repository.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;

const recordAccessListSchema = z.object({ entries: z.array(recordAccessSchema) });

let server: TestServer;
let desk: NoteDesk;
let doctor: Person;
let patient: Person;
let cookies: Record<'doctor' | 'patient' | 'other' | 'stranger', string>;

beforeAll(async () => {
  server = await TestServer.start();
  desk = NoteDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await server.person('doctor', 'Dr. Dana');
  patient = await server.person('patient', 'Pat');
  cookies = {
    doctor: await server.signIn(doctor),
    patient: await server.signIn(patient),
    other: await server.signIn(await server.person('doctor', 'Dr. Other')),
    stranger: await server.signIn(await server.person('patient', 'Stranger')),
  };
});

const notes = () => VisitNoteRepository.create(server.database.connection);
const collection = (name: string) => server.database.connection.collection(name);
const visitAs = async (cookie: string, id: string) =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie }));
const trailOf = async (id: string) => {
  const entries = await collection('audit_entries').find({ resource: 'note', resourceId: id }).toArray();
  return entries.map(({ action, detail }) => [action, detail].filter((word) => word !== null).join(' '));
};
const kindsOf = async (accountId: string) => {
  const found = await collection('notifications')
    .find({ accountId: toStoredId(accountId) })
    .toArray();
  return found.map(({ kind }) => String(kind)).sort();
};

/** Runs something while no entry about notes can be written. */
async function withoutTrail<T>(work: () => Promise<T>): Promise<T> {
  const { db } = server.database.connection;
  await db?.command({ collMod: 'audit_entries', validator: { resource: { $ne: 'note' } } });
  try {
    return await work();
  } finally {
    await db?.command({ collMod: 'audit_entries', validator: {} });
  }
}

describe('a draft', () => {
  it('may be as long as its fields allow, in any script', async () => {
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

  it('starts blank, is saved version by version, and reads as it was saved', async () => {
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

  it('of another tab is not overwritten; the same content sent again is answered as before', async () => {
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

  it('of ten tabs at the same moment: one is saved, the others are told, first drafts too', async () => {
    const id = await server.appointment(doctor, patient);
    for (const version of [0, 1]) {
      const answers = await Promise.all(
        Array.from({ length: 10 }, (_, tab) =>
          desk.save(cookies.doctor, id, version, { text: `Tab ${tab} of ${version}` }),
        ),
      );
      expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 409)]);
    }
    expect((await notes().ofVisit(id))?.version).toBe(2);
  });

  it('is for its doctor: nobody else can write it, and nobody else learns that there is one', async () => {
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
    const version = (await visitAs(cookies.patient, id)).version;
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
    expect(await visitAs(cookies.doctor, id)).toMatchObject({ note: 'draft' });
    expect(await visitAs(treating, id)).toMatchObject({ note: 'none' });
    expect(await visitAs(cookies.patient, id)).toMatchObject({ note: 'none', version });
    // The socket answers in order: what was published before this has arrived.
    await socket.request('consultation.watch', { consultationId: id });
    expect(heard).toEqual([]);
    socket.close();
  });

  it('is not open to staff, administrators and doctors whose approval is pending', async () => {
    const pending = await server.person('doctor', 'Dr. Pending');
    const id = await server.appointment(pending, patient);
    const accounts = collection('accounts');
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

  it('can be written from the confirmation on', async () => {
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

  it('is told of in the trail once a sitting, without a word of it', async () => {
    const id = await server.appointment(doctor, patient);
    for (const version of [0, 1, 2])
      await noteOf(await desk.save(cookies.doctor, id, version, { text: `Itch ${version}` }));
    expect(await trailOf(id)).toEqual(['create note_draft']);
    server.clock.advance(16 * MINUTE_MS);
    cookies.doctor = await server.signIn(doctor);
    await noteOf(await desk.save(cookies.doctor, id, 3, { text: 'Itch again' }));
    expect(await trailOf(id)).toEqual(['create note_draft', 'change note_draft']);
    const entries = await collection('audit_entries').find({ resourceId: id }).toArray();
    expect(JSON.stringify(entries)).not.toContain('Itch');
    expect(server.logLines.join('\n')).not.toContain('Itch');
  });
});

describe('signing (R26, R45)', () => {
  it('completes the visit, tells the patient, and the note stays as it is from then on', async () => {
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
    expect(await visitAs(cookies.doctor, id)).toMatchObject({ status: 'completed', outcome: 'met', note: 'signed' });
    expect(await visitAs(cookies.patient, id)).toMatchObject({ status: 'completed', note: 'signed' });
    await socket.request('consultation.watch', { consultationId: id });
    expect(heard).toEqual([{ appointmentId: id }]);
    socket.close();
    expect(await kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
    expect(await kindsOf(doctor.id)).toEqual(['completed']);
    expect(await trailOf(id)).toEqual(['create note_draft', 'change note_signed']);
    // Sent again after a lost answer.
    expect(await noteOf(await desk.sign(cookies.doctor, id, 1))).toEqual(signed);
    expect(await kindsOf(patient.id)).toHaveLength(2);
    await expectRefusal(await desk.sign(cookies.doctor, id, 1, false), 409, 'note_signed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'Work' }), 409, 'note_signed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'Rest' }), 409, 'note_signed');
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(signed);
  });

  it('is kept by the repository too: nothing that is signed can be saved or signed over', async () => {
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id, { text: 'As it was' });
    const before = await notes().ofVisit(id);
    const at = new Date(0);
    const draft = { content: noteContent({ text: 'Forged' }), shared: false, savedAt: at, auditedAt: at };
    const signature = { shared: false, signedAt: at, signedBy: 'Nobody' };
    await server.database.transaction(async (transaction) => {
      expect(await notes().save(id, 1, draft, transaction)).toBeUndefined();
      expect(await notes().sign(id, 1, signature, transaction)).toBeUndefined();
    });
    const visit = { id, doctorId: doctor.id, patientId: patient.id };
    const again = server.database.transaction((transaction) => notes().begin(visit, draft, transaction));
    await expect(again).rejects.toThrow(/E11000/);
    expect(await notes().ofVisit(id)).toEqual(before);
  });

  it('is for the version that was read, with something in it, of a visit that has begun', async () => {
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
    expect(await visitAs(cookies.doctor, early)).toMatchObject({ status: 'scheduled', note: 'draft' });
  });

  it('of a visit that is over already leaves its outcome, also when its doctor has said that it was missed', async () => {
    for (const outcome of ['met', 'missed'] as const) {
      const closedAt = new Date(server.clock.now() - MINUTE_MS);
      const id = await server.appointment(doctor, patient, -60, { status: 'completed', outcome, closedAt });
      await desk.signed(cookies.doctor, id);
      expect(await visitAs(cookies.patient, id)).toMatchObject({ status: 'completed', outcome, note: 'signed' });
    }
    expect(await kindsOf(patient.id)).toEqual(['note-shared', 'note-shared']);
  });

  it('of a visit that only the product counts as missed says that the two met after all', async () => {
    const id = await server.appointment(doctor, patient, -120);
    await server.application.runJob('end visits that were left');
    expect(await visitAs(cookies.doctor, id)).toMatchObject({ status: 'completed', outcome: 'missed' });
    await desk.signed(cookies.doctor, id, { text: 'The video failed; we spoke on the phone.' });
    const visit = await visitAs(cookies.patient, id);
    expect(visit).toMatchObject({ status: 'completed', outcome: 'met', note: 'signed' });
    expect(visit.rateableUntil).not.toBeNull();
    const answer = await server.call('GET', `/api/appointments/${id}/events`, { cookie: cookies.patient });
    const { events } = bookingEndpoints.events.response.parse(await answer.json());
    expect(events.map(({ change, by }) => [change, by])).toEqual([
      ['miss', 'system'],
      ['complete', 'doctor'],
    ]);
    expect((await kindsOf(patient.id)).sort()).toEqual(['completed', 'missed', 'note-shared']);
  });

  it('while it is closed at the same moment, or somebody tries to call it off, completes what both came to', async () => {
    for (let round = 0; round < 6; round += 1) {
      const came = new Date(server.clock.now());
      const id = await server.appointment(doctor, patient, 0, { doctorCameAt: came, patientCameAt: came });
      await noteOf(await desk.save(cookies.doctor, id, 0));
      const { version } = await visitAs(cookies.doctor, id);
      const isClosed = round % 2 === 0;
      const other = isClosed
        ? server.call('POST', `/api/consultations/${id}/close`, { cookie: cookies.doctor })
        : server.call('POST', `/api/appointments/${id}/cancel`, {
            cookie: cookies.patient,
            body: { version, reason: '' },
          });
      const [signed, ended] = await Promise.all([desk.sign(cookies.doctor, id, 1), other]);
      expect(signed.status).toBe(200);
      expect(isClosed ? [200, 409] : [409]).toContain(ended.status);
      expect(await visitAs(cookies.doctor, id)).toMatchObject({ status: 'completed', outcome: 'met', note: 'signed' });
    }
  });

  it('is not for a visit that was called off before; its doctor can still read what they drafted', async () => {
    const id = await server.appointment(doctor, patient);
    const draft = await noteOf(await desk.save(cookies.doctor, id, 0, { plan: 'Ask for the old pictures' }));
    const { version } = await visitAs(cookies.patient, id);
    const body = { version, reason: '' };
    const cancelled = await server.call('POST', `/api/appointments/${id}/cancel`, { cookie: cookies.patient, body });
    expect(cancelled.status).toBe(200);
    await expectRefusal(await desk.sign(cookies.doctor, id, 1), 409, 'change_not_allowed');
    await expectRefusal(await desk.save(cookies.doctor, id, 1, { plan: 'More' }), 409, 'change_not_allowed');
    expect(await visitAs(cookies.doctor, id)).toMatchObject({ status: 'cancelled', note: 'draft' });
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(draft);
    await expectRefusal(await desk.read(cookies.patient, id), 404, 'not_found');
  });

  it('that cannot be audited has not happened', async () => {
    const id = await server.appointment(doctor, patient);
    await noteOf(await desk.save(cookies.doctor, id, 0));
    await withoutTrail(async () => {
      await expectRefusal(await desk.sign(cookies.doctor, id, 1), 500, 'internal');
      await expectRefusal(await desk.read(cookies.doctor, id), 500, 'internal');
      server.clock.advance(16 * MINUTE_MS);
      cookies.doctor = await server.signIn(doctor);
      await expectRefusal(await desk.save(cookies.doctor, id, 1, { text: 'More' }), 500, 'internal');
    });
    expect(await visitAs(cookies.doctor, id)).toMatchObject({ status: 'scheduled', note: 'draft' });
    expect(await noteOf(await desk.read(cookies.doctor, id))).toMatchObject({ version: 1, signedAt: null });
    expect(await kindsOf(patient.id)).toEqual([]);
  });
});

describe('a signed note', () => {
  it('is read by who treats the patient and, if shared, by the patient; each reading is in the trail', async () => {
    const id = await server.appointment(doctor, patient);
    const signed = await desk.signed(cookies.doctor, id, { text: 'Seen' }, false);
    const treating = await server.person('doctor', 'Dr. Next');
    await server.appointment(treating, patient, DAY_MINUTES, { status: 'pending', awaiting: 'doctor' });
    const treatingCookie = await server.signIn(treating);
    expect(await noteOf(await desk.read(treatingCookie, id))).toEqual(signed);
    await expectRefusal(await desk.read(cookies.patient, id), 403, 'forbidden');
    expect(await visitAs(cookies.patient, id)).toMatchObject({ note: 'sealed' });
    await expectRefusal(await desk.read(cookies.other, id), 403, 'forbidden');
    await expectRefusal(await desk.read(cookies.stranger, id), 403, 'forbidden');
    const shared = await noteOf(await desk.share(cookies.doctor, id, true));
    expect(shared).toEqual({ ...signed, shared: true });
    expect(await noteOf(await desk.read(cookies.patient, id))).toEqual(shared);
    expect(await trailOf(id)).toEqual([
      'create note_draft',
      'change note_signed',
      'view',
      'change note_shared',
      'view',
    ]);
    const opened = await server.call('GET', '/api/records/access', { cookie: cookies.patient });
    const [latest] = recordAccessListSchema
      .parse(await opened.json())
      .entries.filter(({ action }) => action === 'view');
    expect(latest).toMatchObject({ who: treating.name, resource: 'note', appointmentId: id });
    await withoutTrail(async () => expectRefusal(await desk.read(cookies.patient, id), 500, 'internal'));
    expect(await kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
    await noteOf(await desk.share(cookies.doctor, id, false));
    await expectRefusal(await desk.read(cookies.patient, id), 403, 'forbidden');
    expect(await visitAs(cookies.patient, id)).toMatchObject({ note: 'sealed' });
    expect(await kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
  });

  it('is not for a doctor whose only appointment with the patient was called off', async () => {
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id);
    const declined = await server.person('doctor', 'Dr. Declined');
    await server.appointment(declined, patient, 60, { status: 'cancelled', closedAt: new Date() });
    await expectRefusal(await desk.read(await server.signIn(declined), id), 403, 'forbidden');
  });

  it('is amended, never changed: author and time are kept, each once', async () => {
    const id = await server.appointment(doctor, patient);
    await noteOf(await desk.save(cookies.doctor, id, 0, { text: 'Left arm' }));
    await expectRefusal(await desk.amend(cookies.doctor, id, 'Right arm'), 409, 'note_unsigned');
    await expectRefusal(await desk.share(cookies.doctor, id, true), 409, 'note_unsigned');
    const signed = await noteOf(await desk.sign(cookies.doctor, id, 1));
    server.clock.advance(MINUTE_MS);
    const at = new Date(server.clock.now()).toISOString();
    const key = randomUUID();
    const amended = await noteOf(await desk.amend(cookies.doctor, id, 'It was the right arm', key));
    const amendments = [{ at, authorName: doctor.name, text: 'It was the right arm' }];
    expect(amended).toEqual({ ...signed, amendments });
    expect(await noteOf(await desk.amend(cookies.doctor, id, 'It was the right arm', key))).toEqual(amended);
    await expectRefusal(await desk.amend(cookies.doctor, id, 'Another text', key), 409, 'idempotency_mismatch');
    const more = await Promise.all(
      Array.from({ length: 5 }, (_, count) => desk.amend(cookies.doctor, id, `Again ${count}`)),
    );
    expect(more.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const after = await noteOf(await desk.read(cookies.patient, id));
    expect(after.amendments).toHaveLength(6);
    expect({ ...after, amendments: [] }).toEqual(signed);
    expect((await trailOf(id)).filter((entry) => entry === 'change note_amended')).toHaveLength(6);
    expect((await kindsOf(patient.id)).filter((kind) => kind === 'note-amended')).toHaveLength(6);
    await withoutTrail(async () => expectRefusal(await desk.amend(cookies.doctor, id, 'Lost'), 500, 'internal'));
    await withoutTrail(async () => expectRefusal(await desk.share(cookies.doctor, id, false), 500, 'internal'));
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(after);
  });

  it('takes 200 amendments', async () => {
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id);
    const one = { at: new Date(), authorId: toStoredId(doctor.id), authorName: 'Dr. Dana', text: 'x' };
    const amendments = Array.from({ length: 199 }, (_, count) => ({ ...one, key: `key ${count}` }));
    await collection('visit_notes').updateOne({ appointmentId: toStoredId(id) }, { $set: { amendments } });
    expect((await desk.amend(cookies.doctor, id, 'The last one')).status).toBe(200);
    await expectRefusal(await desk.amend(cookies.doctor, id, 'One more'), 429, 'limit_exceeded');
  });
});

describe('notes that are still to be signed', () => {
  const listSchema = z.strictObject({
    visits: z.array(
      z.strictObject({
        appointmentId: z.string(),
        patientName: z.string(),
        visitStartsAt: z.string(),
        hasDraft: z.boolean(),
      }),
    ),
  });
  const list = async (cookie: string) =>
    listSchema.parse(await (await server.call('GET', '/api/notes/unsigned', { cookie })).json()).visits;

  it("are the doctor's own visits, oldest first, with a word on whether something is written", async () => {
    const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
    const met = await server.appointment(doctor, patient, -120, over);
    const older = await server.appointment(doctor, patient, -240, over);
    const missed = await server.appointment(doctor, patient, -300, { ...over, outcome: 'missed' });
    const running = await server.appointment(doctor, patient, -10);
    const notEnded = await server.appointment(doctor, patient, -60);
    await server.appointment(doctor, patient, -400, { ...over, outcome: 'missed' });
    await server.appointment(doctor, patient, -400, { ...over, status: 'cancelled', outcome: null });
    await server.appointment(doctor, patient, DAY_MINUTES);
    const done = await server.appointment(doctor, patient, -500, over);
    await desk.signed(cookies.doctor, done);
    for (const id of [older, missed, running]) await noteOf(await desk.save(cookies.doctor, id, 0));
    const visits = await list(cookies.doctor);
    expect(visits.map(({ appointmentId, hasDraft }) => [appointmentId, hasDraft])).toEqual([
      [missed, true],
      [older, true],
      [met, false],
      [notEnded, false],
    ]);
    expect(visits[0]).toMatchObject({ patientName: patient.name });
    expect(await list(cookies.other)).toEqual([]);
    await expectRefusal(await server.call('GET', '/api/notes/unsigned', { cookie: cookies.patient }), 403, 'forbidden');
  });

  it('and every note are found by indexes', async () => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    for (let count = 1; count <= 30; count += 1) {
      const over = { status: 'completed', outcome: 'met', closedAt: new Date(), noteState: 'signed' } as const;
      await server.appointment(doctor, patient, -count * 60, over);
    }
    const id = await server.appointment(doctor, patient, -60);
    await db.command({ profile: 2 });
    await desk.signed(cookies.doctor, id);
    await desk.amend(cookies.doctor, id, 'More');
    await desk.read(cookies.patient, id);
    const open = await server.appointment(doctor, patient, -90);
    expect(await list(cookies.doctor)).toMatchObject([{ appointmentId: open }]);
    await db.command({ profile: 0 });
    const entries = await db
      .collection('system.profile')
      .find({ ns: /\.(appointments|visit_notes)$/ })
      .toArray();
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of entries) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
    const unsigned = entries.find(({ op, command }) => op === 'query' && JSON.stringify(command).includes('"endsAt"'));
    // Of a day's signed ones, none is looked at; the one that is found counts twice: found, and brought into order.
    expect(unsigned).toMatchObject({ docsExamined: 2, nreturned: 1 });
    expect(unsigned?.['hasSortStage']).toBeUndefined();
  });
});
