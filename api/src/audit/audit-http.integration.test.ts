import { auditEntrySchema, recordAccessSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';
import { loadSecrets } from '../secrets/secrets.ts';
import { AuditHeads } from './audit-heads.ts';
import { AuditTrailRepository } from './audit-trail.repository.ts';
import { AuditVerifier } from './audit-verifier.ts';

let server: TestServer;
let doctor: Person;
let colleague: Person;
let patient: Person;
let administrator: Person;
let appointmentId: string;
let cookies: Record<'doctor' | 'patient' | 'administrator' | 'colleague', string>;

beforeAll(async () => {
  server = await TestServer.start();
  await server.report(server.node.heartbeat());
  doctor = await server.person('doctor', 'Dr. Dana');
  colleague = await server.person('doctor', 'Dr. Cole');
  patient = await server.person('patient', 'Pat');
  administrator = await server.person('administrator', 'Ada');
  appointmentId = await server.appointment(doctor, patient);
  cookies = {
    doctor: await server.signIn(doctor),
    colleague: await server.signIn(colleague),
    patient: await server.signIn(patient),
    administrator: await server.signIn(administrator),
  };
});
afterAll(() => server.close());

const anyLoopback: unknown = expect.stringContaining('127.0.0.1');
const anyUuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);

const entries = () => server.database.connection.collection('audit_entries');

/** The entry that the request with this answer left behind. */
async function entryOf(response: Response) {
  const found = await entries()
    .find({ requestId: response.headers.get('x-request-id') })
    .toArray();
  expect(found).toHaveLength(1);
  return found[0];
}

describe('every sensitive action once (P2)', () => {
  const appointment = (path = '') => `/api/appointments/${appointmentId}${path}`;

  it('records sign-in and its failures without what was typed', async () => {
    const body = { email: doctor.email, password: 'not the password' };
    const wrong = await entryOf(await server.call('POST', '/api/auth/login', { body }));
    expect(wrong).toMatchObject({ accountId: doctor.id, role: 'doctor', action: 'failure', outcome: 'refused' });
    expect(wrong).toMatchObject({
      resource: 'session',
      detail: 'password_wrong',
      network: anyLoopback,
    });
    const nobody = { email: 'nobody@test.example', password: 'x' };
    const unknown = await entryOf(await server.call('POST', '/api/auth/login', { body: nobody }));
    expect(unknown).toMatchObject({ accountId: null, role: null, action: 'failure', detail: 'account_unknown' });
    expect(JSON.stringify(unknown)).not.toContain('nobody');
    const signIns = await entries().find({ accountId: doctor.id, action: 'sign-in', outcome: 'ok' }).toArray();
    expect(signIns).toMatchObject([{ role: 'doctor', sessionId: anyUuid, detail: 'password' }]);
  });

  it('records sign-out', async () => {
    const response = await server.call('POST', '/api/auth/logout', { cookie: await server.signIn(patient) });
    expect(await entryOf(response)).toMatchObject({
      accountId: patient.id,
      role: 'patient',
      sessionId: anyUuid,
      action: 'sign-out',
      resource: 'session',
    });
  });

  it.each([
    [
      'one appointment',
      () => server.call('GET', appointment(), { cookie: cookies.doctor }),
      { action: 'view', resource: 'appointment' },
    ],
    [
      'the list',
      () => server.call('GET', '/api/appointments/doctor', { cookie: cookies.doctor }),
      { action: 'view', resource: 'appointments' },
    ],
    [
      'join',
      () => server.call('POST', `/api/consultations/${appointmentId}/join`, { cookie: cookies.doctor }),
      { action: 'admit', resource: 'consultation' },
    ],
    [
      'colleague added',
      () =>
        server.call('POST', appointment('/colleagues'), { cookie: cookies.doctor, body: { doctorId: colleague.id } }),
      { action: 'admit', resource: 'appointment' },
    ],
    [
      'colleague removed',
      () => server.call('DELETE', appointment(`/colleagues/${colleague.id}`), { cookie: cookies.doctor }),
      { action: 'remove', resource: 'appointment' },
    ],
    [
      'close',
      () => server.call('POST', `/api/consultations/${appointmentId}/close`, { cookie: cookies.doctor }),
      { action: 'change', resource: 'appointment' },
    ],
  ])('records %s', async (_name, act, expected) => {
    const response = await act();
    expect(response.status).toBe(200);
    const who = { accountId: doctor.id, role: 'doctor', sessionId: anyUuid };
    expect(await entryOf(response)).toMatchObject({ ...who, ...expected, patientId: patient.id, outcome: 'ok' });
  });

  it('records who watches a call as a view, and who may not as a refusal', async () => {
    const consultationId = await server.appointment(doctor, patient);
    for (const [cookie, person, expected] of [
      [cookies.doctor, doctor, { action: 'view', resource: 'consultation', patientId: patient.id, outcome: 'ok' }],
      [
        cookies.colleague,
        colleague,
        {
          action: 'failure',
          outcome: 'refused',
          resource: 'consultation',
          resourceId: consultationId,
          patientId: patient.id,
          detail: 'forbidden: socket consultation.watch',
        },
      ],
    ] as const) {
      const socket = await AppSocketClient.connect(server.url, cookie);
      const since = await entries().countDocuments({ accountId: person.id });
      await socket.request('consultation.watch', { consultationId });
      socket.close();
      const written = await entries().find({ accountId: person.id }).sort({ number: 1 }).skip(since).toArray();
      expect(written).toMatchObject([expected]);
    }
  });

  it('records that a patient reads their own profile', async () => {
    const response = await server.call('GET', '/api/profile', { cookie: cookies.patient });
    expect(await entryOf(response)).toMatchObject({ action: 'view', resource: 'profile', patientId: patient.id });
  });

  it('records a refusal with what was tried and whose record it is', async () => {
    const response = await server.call('GET', appointment(), { cookie: cookies.colleague });
    expect(await entryOf(response)).toMatchObject({
      accountId: colleague.id,
      action: 'failure',
      resource: 'appointment',
      resourceId: appointmentId,
      patientId: patient.id,
      outcome: 'refused',
      detail: 'forbidden: GET /api/appointments/:appointmentId',
    });
  });

  it('records the patient whose chart somebody of another role tried', async () => {
    const path = `/api/patients/${patient.id}`;
    const response = await server.call('GET', path, { cookie: cookies.administrator });
    expect(await entryOf(response)).toMatchObject({ resourceId: patient.id, patientId: patient.id, action: 'failure' });
  });
});

describe('who opened my record', () => {
  const answer = z.strictObject({ entries: z.array(recordAccessSchema), next: z.string().nullable() });
  const read = async (query = '') => {
    const response = await server.call('GET', `/api/records/access${query}`, { cookie: cookies.patient });
    expect(response.status).toBe(200);
    return answer.parse(await response.json());
  };

  it('tells the patient who did what when and by which appointment, newest first, without their own views', async () => {
    const { entries: seen } = await read();
    const opened = seen.filter(({ outcome }) => outcome === 'ok');
    expect(new Set(opened.map(({ who }) => who))).toEqual(new Set(['Dr. Dana']));
    expect(seen).toContainEqual(expect.objectContaining({ action: 'view', role: 'doctor', appointmentId }));
    const times = seen.map(({ at }) => at);
    expect(times).toEqual([...times].sort().reverse());
  });

  it('tells the patient who tried to open it and was not let in', async () => {
    const refused = (await read()).entries.filter(({ outcome }) => outcome === 'refused');
    const attempt = { who: 'Dr. Cole', action: 'failure', resource: 'appointment', appointmentId };
    expect(refused).toContainEqual(expect.objectContaining(attempt));
    expect(refused.map(({ who }) => who)).toContain('Ada');
  });

  it('does not tell the patient that a note was begun; who searches the trail finds it', async () => {
    const visit = await server.appointment(doctor, patient, -10);
    await noteOf(await NoteDesk.create(server).save(cookies.doctor, visit, 0));
    const drafts = { resource: 'note', resourceId: visit, detail: 'note_draft' };
    expect(await server.database.connection.collection('audit_entries').countDocuments(drafts)).toBe(1);
    expect((await read()).entries.filter(({ resource }) => resource === 'note')).toEqual([]);
    const search = await server.call('GET', `/api/admin/audit?patientId=${patient.id}`, {
      cookie: cookies.administrator,
    });
    expect(JSON.stringify(await search.json())).toContain('note_draft');
  });

  it('says what the product did by itself', async () => {
    await server.appointment(doctor, patient, -30, { status: 'pending' });
    await server.application.changeBySystem();
    const bySystem = (await read()).entries.filter((entry) => entry.bySystem);
    expect(bySystem).toMatchObject([{ who: '', role: null, action: 'change', resource: 'appointment' }]);
  });

  it('is paged without gaps or repetitions', async () => {
    const whole = await read();
    const collected: string[] = [];
    let next: string | null = '';
    while (next !== null) {
      const page: z.infer<typeof answer> = await read(`?limit=2${next === '' ? '' : `&before=${next}`}`);
      collected.push(...page.entries.map(({ id }) => id));
      next = page.next;
    }
    expect(collected).toEqual(whole.entries.map(({ id }) => id));
    expect(whole.entries.length).toBeGreaterThan(2);
  });
});

describe('search by administrators', () => {
  const answer = z.strictObject({ entries: z.array(auditEntrySchema), next: z.string().nullable() });
  const search = (query: string) => server.call('GET', `/api/admin/audit${query}`, { cookie: cookies.administrator });
  const found = async (query: string) => answer.parse(await (await search(query)).json()).entries;

  it('finds by account, patient, action and time', async () => {
    expect((await found(`?accountId=${colleague.id}`)).every(({ accountId }) => accountId === colleague.id)).toBe(true);
    expect((await found(`?patientId=${patient.id}&action=admit`)).map(({ action }) => action)).toContain('admit');
    const before = new Date(server.clock.now() - 60_000).toISOString();
    expect(await found(`?to=${before}`)).toEqual([]);
    expect((await found(`?from=${before}`)).length).toBeGreaterThan(0);
  });

  it('finds what one request left behind, and what was refused', async () => {
    const refused = await server.call('GET', `/api/appointments/${appointmentId}`, { cookie: cookies.colleague });
    const requestId = refused.headers.get('x-request-id') ?? '';
    expect(await found(`?requestId=${requestId}`)).toMatchObject([{ requestId, outcome: 'refused' }]);
    const outcomes = (await found('?outcome=refused')).map(({ outcome }) => outcome);
    expect(new Set(outcomes)).toEqual(new Set(['refused']));
    expect((await search('?requestId=nonsense')).status).toBe(400);
  });

  it.each([
    [{ requestId: 'x' }, 'requestId_1'],
    [{ outcome: 'refused' }, 'outcome_1_at_-1__id_-1'],
  ])('reads no more than it needs for %j', async (filter, index) => {
    const plan: unknown = await entries().find(filter).sort({ at: -1, _id: -1 }).explain('queryPlanner');
    expect(JSON.stringify(plan)).toContain(`"indexName":"${index}"`);
    expect(JSON.stringify(plan)).not.toContain('COLLSCAN');
  });

  it('is part of the trail itself', async () => {
    const response = await search(`?patientId=${patient.id}`);
    expect(await entryOf(response)).toMatchObject({
      accountId: administrator.id,
      action: 'administration',
      resource: 'audit',
      patientId: patient.id,
    });
  });
});

describe('an entry that cannot be written', () => {
  const refuseEntries = (validator: object) =>
    server.database.connection.db?.command({ collMod: 'audit_entries', validator });

  it('keeps the record shut, and the change undone (fails closed)', async () => {
    const open = await server.appointment(doctor, patient);
    const sessions = () => server.database.connection.collection('sessions').countDocuments();
    const sessionsBefore = await sessions();
    await refuseEntries({ impossible: { $exists: true } });
    try {
      const view = await server.call('GET', `/api/appointments/${open}`, { cookie: cookies.doctor });
      await expectRefusal(view, 500, 'internal');
      const body = { doctorId: colleague.id };
      const change = await server.call('POST', `/api/appointments/${open}/colleagues`, {
        cookie: cookies.doctor,
        body,
      });
      expect(change.status).toBe(500);
      const login = await server.call('POST', '/api/auth/login', { body: { email: doctor.email, password: 'wrong' } });
      expect(login.status).toBe(500);
      const signIn = { body: { email: doctor.email, password: PASSWORD } };
      const right = await server.call('POST', '/api/auth/login', signIn);
      expect([right.status, right.headers.getSetCookie()]).toEqual([500, []]);
      for (const [path, cookie] of [
        ['/api/appointments/doctor', cookies.doctor],
        ['/api/appointments/patient', cookies.patient],
        ['/api/profile', cookies.patient],
        ['/api/records/access', cookies.patient],
        ['/api/admin/audit', cookies.administrator],
        ['/api/admin/outbox', cookies.administrator],
        ['/api/admin/invitations', cookies.administrator],
      ] as const)
        await expectRefusal(await server.call('GET', path, { cookie }), 500, 'internal');
      const socket = await AppSocketClient.connect(server.url, cookies.doctor);
      const watched = await socket.request('consultation.watch', { consultationId: open });
      expect(watched).toMatchObject({ ok: false, error: { code: 'internal' } });
      socket.close();
      expect(await sessions()).toBe(sessionsBefore);
    } finally {
      await refuseEntries({});
    }
    const after = await server.call('GET', `/api/appointments/${open}`, { cookie: cookies.doctor });
    expect(await after.json()).toMatchObject({ appointment: { colleagues: [] } });
  });
});

it('leaves a chain that holds', async () => {
  await server.application.close();
  const verdict = await AuditVerifier.verify({
    trail: AuditTrailRepository.create(server.database.connection),
    heads: await AuditHeads.create(server.config.auditHeadsFile).all(),
    key: await readKey(),
    nowMs: server.clock.now(),
  });
  expect(verdict).toMatchObject({ findings: [], notices: [], waiting: 0 });
  expect(verdict.entries).toBe(await entries().countDocuments());
});

async function readKey(): Promise<Buffer> {
  return (await loadSecrets(server.config)).auditKey;
}
