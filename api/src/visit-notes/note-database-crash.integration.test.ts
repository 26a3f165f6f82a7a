import { visitNoteSchema, type VisitNote } from '@health-connect/contract';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { OwnMongod } from '../../../tools/testing/own-mongod.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const READABLE_WITHIN_MS = 30_000;
const noteSchema = z.object({ note: visitNoteSchema });

let mongod: OwnMongod;
let server: TestServer;
let doctor: Person;
let patient: Person;
let cookie: string;
let desk: NoteDesk;

beforeAll(async () => {
  mongod = await OwnMongod.start();
  server = await TestServer.start({ MONGODB_URI: mongod.uri('drafts') });
  doctor = await server.person('doctor', 'Dr. Dana');
  patient = await server.person('patient', 'Pat');
  cookie = await server.signIn(doctor);
  desk = NoteDesk.create(server);
}, 90_000);
afterAll(async () => {
  await server.close();
  await mongod.close();
});

/** The draft as a page reads it that asks until the database is there again. */
function readAgain(id: string): Promise<VisitNote> {
  return vi.waitFor(
    async () => {
      const response = await desk.read(cookie, id);
      expect(response.status).toBe(200);
      return noteSchema.parse(await response.json()).note;
    },
    { timeout: READABLE_WITHIN_MS, interval: 100 },
  );
}

it('a draft of which a doctor was told that it is saved survives a database that is killed', async () => {
  const id = await server.appointment(doctor, patient);
  for (let version = 0; version < 4; version += 1) {
    const { version: saved } = await noteOf(await desk.save(cookie, id, version, { plan: `Rest, part ${version}` }));
    // It has said "Saved": nothing more is awaited.
    await mongod.kill();
    await mongod.restart();
    expect(await readAgain(id)).toMatchObject({ version: saved, content: { plan: `Rest, part ${version}` } });
  }
}, 120_000);

// Where it is caught depends on the moment: of some rounds one at least meets it half way.
it.each([1, 2, 4, 6])(
  'of many drafts on their way, each that was saved is there, and none is there by halves: killed at answer %i',
  async (killedAt) => {
    const ids = await Promise.all(Array.from({ length: 24 }, () => server.appointment(doctor, patient)));
    const long = 'word '.repeat(1500);
    let answers = 0;
    const asked = ids.map(async (id) => {
      const response = await desk.save(cookie, id, 0, { subjective: long, plan: `Plan of ${id}` });
      answers += 1;
      if (answers === killedAt) await mongod.kill();
      return response.status;
    });
    const settled = await Promise.allSettled(asked);
    await mongod.kill();
    await mongod.restart();
    const saved = ids.filter((_id, index) => {
      const end = settled[index];
      return end?.status === 'fulfilled' && end.value === 200;
    });
    expect(saved.length).toBeGreaterThanOrEqual(killedAt);
    for (const id of ids) {
      const { version, content } = await readAgain(id);
      if (saved.includes(id)) expect(version).toBe(1);
      if (version === 0) expect(content.plan).toBe('');
      else expect(content).toMatchObject({ subjective: long.trim(), plan: `Plan of ${id}` });
    }
  },
  120_000,
);
