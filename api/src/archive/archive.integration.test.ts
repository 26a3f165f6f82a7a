import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { visitNoteEndpoints } from '@health-connect/contract';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { Application } from '../application.ts';
import { toStoredId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { appointmentOf, appointmentsOf, expectRefusal } from '../testing/answers.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;
const ARCHIVE = 'archive appointments';

let server: TestServer;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
});
afterAll(() => server.close());

function visit(daysAgo: number, parts: Partial<NewAppointment> = {}): Promise<string> {
  const closedAt = new Date(server.clock.now() - daysAgo * DAY_MINUTES * 60_000);
  const over = { status: 'completed', outcome: 'met', closedAt, noteState: 'signed', ...parts } as const;
  return server.appointment(doctor, patient, -daysAgo * DAY_MINUTES, over);
}

const archive = () => server.database.connection.collection('appointments_archive');
const countOf = (collection: string): Promise<number> =>
  server.database.connection.collection(collection).countDocuments();

describe('the archive', () => {
  it('takes completed appointments of more than a year ago, and nothing else', async () => {
    const old = await visit(370, { review: 'Very kind', rating: 5 });
    const stays = [
      await visit(360),
      await visit(370, { status: 'cancelled' }),
      await visit(370, { status: 'scheduled', closedAt: null }),
      await visit(370, { noteState: 'draft' }),
    ];
    const cookie = await server.signIn(patient);
    const before = await appointmentOf(await server.call('GET', `/api/appointments/${old}`, { cookie }));
    await server.application.runJob(ARCHIVE);
    expect([await countOf('appointments'), await countOf('appointments_archive')]).toEqual([stays.length, 1]);
    // By its id it is found as before.
    expect(await appointmentOf(await server.call('GET', `/api/appointments/${old}`, { cookie }))).toEqual(before);
    const list = await appointmentsOf(await server.call('GET', '/api/appointments/patient', { cookie }));
    expect(list.map(({ id }) => id).sort()).toEqual([...stays].sort());
    const archived = await archive().find().toArray();
    expect(archived.map(({ _id, review }) => [String(_id), String(review)])).toEqual([[old, 'Very kind']]);
  });

  it('keeps a visit that nobody has written up on the list of its doctor, and a colleague can be taken out of it', async () => {
    const colleague = await server.person('doctor', 'Dr Okafor');
    const id = await visit(380, { noteState: 'none' });
    await server.database.connection
      .collection('appointments')
      .updateOne({ _id: toStoredId(id) }, { $set: { colleagueIds: [toStoredId(colleague.id)] } });
    await server.application.runJob(ARCHIVE);
    expect(await archive().countDocuments({ _id: toStoredId(id) })).toBe(1);
    const [cookie, others] = [await server.signIn(doctor), await server.signIn(colleague)];
    const answer = await server.call('GET', '/api/notes/unsigned', { cookie });
    const { visits } = visitNoteEndpoints.unsigned.response.parse(await answer.json());
    expect(visits.map(({ appointmentId, hasDraft }) => [appointmentId, hasDraft]).at(-1)).toEqual([id, false]);
    const read = () => server.call('GET', `/api/appointments/${id}`, { cookie: others });
    expect((await read()).status).toBe(200);
    const path = `/api/appointments/${id}/colleagues/${colleague.id}`;
    expect((await appointmentOf(await server.call('DELETE', path, { cookie }))).colleagues).toEqual([]);
    await expectRefusal(await read(), 403, 'forbidden');
  });

  it('takes one whose draft is signed later, with the next run', async () => {
    const cookie = await server.signIn(doctor);
    const desk = NoteDesk.create(server);
    const id = await visit(390, { noteState: 'none' });
    const { version } = await noteOf(await desk.save(cookie, id, 0));
    const isArchived = async () => (await archive().countDocuments({ _id: toStoredId(id) })) === 1;
    await server.application.runJob(ARCHIVE);
    expect(await isArchived()).toBe(false);
    await noteOf(await desk.sign(cookie, id, version));
    await server.application.runJob(ARCHIVE);
    expect(await isArchived()).toBe(true);
  });

  it('moves each once, also by two processes at the same moment, and loses none', async () => {
    const held = await countOf('appointments');
    const archived = await countOf('appointments_archive');
    const ids: string[] = [];
    for (let count = 0; count < 250; count += 1) ids.push(await visit(400 + count));
    const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
    const other = await Application.start(server.config, logger, server.clock);
    await Promise.all([server.application.runJob(ARCHIVE), other.runJob(ARCHIVE), server.application.runJob(ARCHIVE)]);
    await other.close();
    expect([await countOf('appointments'), await countOf('appointments_archive')]).toEqual([held, archived + 250]);
    const found = await archive().find().toArray();
    expect(found.map(({ _id }) => String(_id))).toEqual(expect.arrayContaining(ids));
  });

  it('is filled and read by indexes', async () => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    const old = await visit(420);
    await db.command({ profile: 2 });
    await server.application.runJob(ARCHIVE);
    const cookie = await server.signIn(patient);
    await server.call('GET', `/api/appointments/${old}`, { cookie });
    await server.call('GET', `/api/patients/${patient.id}/history`, { cookie });
    await db.command({ profile: 0 });
    const entries = await db.collection('system.profile').find().toArray();
    const own = entries.filter((entry) => /\.appointments(_archive)?"/.test(JSON.stringify(entry)));
    expect(own.length).toBeGreaterThan(4);
    for (const entry of own) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
  });
});
