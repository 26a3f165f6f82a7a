import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Transaction } from '../database/database.ts';
import { toStoredId } from '../database/ids.ts';
import { SESSION_COOKIE } from '../http/cookie.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { PASSWORD, TestServer, type Call, type Person } from '../testing/test-server.ts';

const MAIN = join(import.meta.dirname, '..', 'main.ts');
const AT_ONCE = 12;

let server: TestServer;
let doctor: Person;
let patient: Person;
let dataDir: string;
let child: ChildProcess;

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Dana');
  patient = await server.person('patient', 'Pat');
});
afterAll(() => server.close());
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'health-connect-api-'));
});
afterEach(async () => {
  child.kill('SIGKILL');
  await rm(dataDir, { recursive: true, force: true });
});

/** Another api on the same database, as a process that can be killed. */
async function startApi(): Promise<Pick<TestServer, 'call'>> {
  const env = {
    PATH: process.env['PATH'] ?? '',
    HC_DATA_DIR: dataDir,
    HC_PORT: '0',
    HC_JOBS: '0',
    HC_WEB_DIR: join(dataDir, 'no-build'),
    MONGODB_URI: server.config.mongodbUri,
  };
  child = fork(MAIN, { env, execArgv: [], stdio: ['ignore', 'pipe', 'ignore', 'ipc'] });
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  for (;;) {
    const url = /"address":"(http:\/\/127\.0\.0\.1:\d+)"/.exec(output)?.[1];
    if (url !== undefined) return { call: (method, path, call) => send(url + path, method, call ?? {}) };
    if (child.stdout === null || child.exitCode !== null) throw new Error(`The process did not start: ${output}`);
    await once(child.stdout, 'data');
  }
}

function send(url: string, method: string, { cookie, body }: Pick<Call, 'cookie' | 'body'>): Promise<Response> {
  const headers = { 'content-type': 'application/json', ...(cookie === undefined ? {} : { cookie }) };
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function signIn(api: Pick<TestServer, 'call'>): Promise<string> {
  const answer = await api.call('POST', '/api/auth/login', { body: { email: doctor.email, password: PASSWORD } });
  const cookies = answer.headers.getSetCookie();
  return cookies.find((cookie) => cookie.startsWith(SESSION_COOKIE))?.split(';', 1)[0] ?? '';
}

/** Everything that signing changes, as it is at one moment: each is either there or not. */
function traces(id: string): Promise<readonly boolean[]> {
  return server.database.transaction(async (session: Transaction) => {
    const collection = (name: string) => server.database.connection.collection(name);
    const appointmentId = toStoredId(id);
    const note = await collection('visit_notes').findOne({ appointmentId }, { session });
    const visit = await collection('appointments').findOne({ _id: appointmentId }, { session });
    const entries = await collection('audit_entries').find({ resourceId: id, action: 'change' }, { session }).toArray();
    const told = await collection('notifications').find({ appointmentId }, { session }).toArray();
    const details = entries.map(({ detail }) => String(detail));
    const kinds = told.map(({ kind }) => String(kind));
    return [
      note?.['signedAt'] instanceof Date,
      visit?.['status'] === 'completed',
      visit?.['noteState'] === 'signed',
      visit?.['outcome'] === 'met',
      details.includes('note_signed'),
      details.includes('appointment_complete'),
      kinds.includes('completed'),
      kinds.includes('note-shared'),
    ];
  });
}

/** A visit with a draft for each of so many. */
async function drafts(desk: NoteDesk, cookie: string): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < AT_ONCE; count += 1) {
    const id = await server.appointment(doctor, patient);
    await noteOf(await desk.save(cookie, id, 0, { plan: 'Rest' }));
    ids.push(id);
  }
  return ids;
}

describe('an api that is killed while notes are signed', () => {
  it('leaves each of them signed whole, or not at all; what was typed can be signed afterwards', async () => {
    const left: string[] = [];
    for (const answersBefore of [1, 4, 8]) {
      const api = await startApi();
      const [desk, cookie] = [NoteDesk.create(api), await signIn(api)];
      const ids = await drafts(desk, cookie);
      let answers = 0;
      const asked = ids.map(async (id) => {
        const response = await desk.sign(cookie, id, 1);
        answers += 1;
        if (answers === answersBefore) child.kill('SIGKILL');
        return response.status;
      });
      const settled = await Promise.allSettled(asked);
      const found = await Promise.all(ids.map(traces));
      for (const [index, parts] of found.entries()) {
        expect(new Set(parts).size, `after ${answersBefore} answers: ${parts.join(' ')}`).toBe(1);
        // Who was told that it is signed can rely on it.
        if (settled[index]?.status === 'fulfilled') expect(parts[0]).toBe(true);
      }
      left.push(...ids.filter((_, index) => found[index]?.[0] === false));
    }
    expect(left.length).toBeGreaterThan(0);
    // The database gives free what a dead api had begun to write once its transaction has lasted too long.
    const [desk, cookie] = [NoteDesk.create(server), await server.signIn(doctor)];
    const signed = await Promise.all(left.map(async (id) => noteOf(await desk.sign(cookie, id, 1))));
    for (const { content } of signed) expect(content.plan).toBe('Rest');
    for (const id of left) expect(new Set(await traces(id))).toEqual(new Set([true]));
  }, 120_000);
});
