import { randomUUID } from 'node:crypto';
import { errorBodySchema, ERRORS } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start({ HC_LOG_LEVEL: 'trace' });
  doctor = await server.person('doctor', 'Canary Doctor');
  patient = await server.person('patient', 'Canary Patient');
});
afterAll(() => server.close());

const lineSchema = z.looseObject({ level: z.number(), msg: z.string(), requestId: z.string().optional() });

describe('the log (P3)', () => {
  it('holds no password, token, cookie, name, address or note, whatever happens', async () => {
    const canaries = [
      PASSWORD,
      'canary-password',
      'canary-note',
      'canary-query',
      'canary-body',
      doctor.name,
      patient.name,
    ];
    const cookie = await server.signIn(doctor);
    const id = await server.appointment(doctor, patient, 0, { reason: 'canary-note', comment: 'canary-note' });
    await server.call('POST', '/api/auth/login', { body: { email: patient.email, password: 'canary-password' } });
    await server.call('POST', '/api/auth/login', { body: '{"email":"canary-body' });
    await server.call('GET', '/api/appointments/doctor?search=canary-query', { cookie });
    await server.call('GET', `/api/appointments/${id}`, { cookie: await server.signIn(patient) });
    await server.report(server.node.heartbeat());
    const grant: unknown = await (await server.call('POST', `/api/consultations/${id}/join`, { cookie })).json();
    const { token } = z.looseObject({ token: z.string() }).parse(grant);
    const person = { peerId: randomUUID(), participantId: patient.id, name: patient.name, party: 'patient' as const };
    await server.report({ type: 'peer.joined', room: id, ...person });
    const socket = await AppSocketClient.connect(server.url, cookie);
    await socket.request('consultation.watch', { consultationId: 'canary-body' });
    socket.close();
    server.node.failing = true;
    await server.call('POST', `/api/consultations/${id}/close`, { cookie });
    await server.database.connection
      .collection('appointments')
      .updateOne({ reason: 'canary-note' }, { $set: { mode: 'smoke' } });
    expect((await server.call('GET', `/api/appointments/${id}`, { cookie })).status).toBe(500);
    await server.call('POST', '/api/auth/logout', { cookie });

    const log = server.logLines.join('');
    const sessionToken = cookie.slice(cookie.indexOf('=') + 1);
    for (const canary of [...canaries, sessionToken, token, doctor.email, patient.email])
      expect(log).not.toContain(canary);
    expect(log).not.toMatch(/eyJ[\w-]+\./);
  });

  it('masks an error of ours, and keeps its stack and request id for the help desk', async () => {
    const cookie = await server.signIn(doctor);
    const id = await server.appointment(doctor, patient, 0, { reason: 'broken' });
    await server.database.connection
      .collection('appointments')
      .updateOne({ reason: 'broken' }, { $set: { mode: 'smoke' } });
    const response = await server.call('GET', `/api/appointments/${id}`, { cookie });
    const requestId = response.headers.get('x-request-id') ?? '';
    expect(response.status).toBe(500);
    const { error } = errorBodySchema.strict().parse(await response.json());
    expect(error).toEqual({ code: 'internal', message: ERRORS.internal.message, requestId });
    const line = server.logLines.find((entry) => entry.includes(requestId) && entry.includes('"level":50'));
    expect(line).toContain('"stack":"ZodError');
    expect(line).not.toContain('smoke');
  });

  it('carries the request id in every line of a request', async () => {
    const before = server.logLines.length;
    const response = await server.call('POST', '/api/auth/login', { body: {} });
    const lines = server.logLines.slice(before).map((line) => lineSchema.parse(JSON.parse(line)));
    expect(lines.length).toBeGreaterThanOrEqual(2);
    for (const { requestId } of lines) expect(requestId).toBe(response.headers.get('x-request-id'));
    for (const line of server.logLines.slice(before)) expect(line.match(/"requestId"/g)).toHaveLength(1);
  });
});
