import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { invitationSchema, linkTokenOf } from '@health-connect/contract';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { FIRST_ADMINISTRATOR_FILE } from '../accounts/first-administrator.ts';
import { toStoredId } from '../database/ids.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { newAddress, nextMail, tokenOf } from '../testing/inbox.ts';
import { TestBrowser } from '../testing/test-browser.ts';
import { PASSWORD, TestServer, type Person } from '../testing/test-server.ts';

/** Longer than the pause in which two tabs may race for one refresh token. */
const LATER_MS = 60_000;

let server: TestServer;
let admin: Person;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

const post = (path: string, body: unknown, by?: string) => server.call('POST', path, { cookie: by, body });
const entries = () => server.database.connection.collection('audit_entries');
const anyUuid: unknown = expect.stringMatching(/^[0-9a-f-]{36}$/);

/** The only entry that the request with this answer left behind. */
async function entryOf(response: Response): Promise<unknown> {
  expect(response.status).toBeLessThan(300);
  const found = await entries()
    .find({ requestId: response.headers.get('x-request-id') })
    .toArray();
  expect(found).toHaveLength(1);
  return found[0];
}

async function accountIdOf(email: string): Promise<string> {
  const found = await server.database.connection.collection('accounts').findOne({ email });
  return String(found?._id);
}

// First of all, while there is no administrator.
it('the first administrator leaves an entry', async () => {
  const link = await readFile(join(server.config.dataDir, FIRST_ADMINISTRATOR_FILE), 'utf8');
  const token = linkTokenOf(/#\S+/.exec(link)?.[0] ?? '');
  const email = newAddress();
  const body = { token, name: 'Ada First', password: PASSWORD, email };
  const entry = await entryOf(await post('/api/auth/invitations/accept', body));
  const resourceId = await accountIdOf(email);
  expect(entry).toMatchObject({ action: 'create', resource: 'account', resourceId, detail: 'first_administrator' });
  admin = await server.person('administrator', 'Ada Admin');
  cookie = await server.signIn(admin);
});

describe('an account leaves entries (P2)', () => {
  let email: string;
  let id: string;
  const byVisitor = { accountId: null, resource: 'account', outcome: 'ok' };

  it('when somebody signs up', async () => {
    email = newAddress();
    await post('/api/auth/signup', {
      role: 'patient',
      name: 'Pia',
      email,
      password: PASSWORD,
      dateOfBirth: '1990-02-03',
    });
    await nextMail(server, cookie, email);
    id = await accountIdOf(email);
    const found = await entries().find({ resourceId: id }).toArray();
    expect(found).toMatchObject([{ ...byVisitor, action: 'create', detail: 'signed_up' }]);
  });

  it('when the address is confirmed', async () => {
    const token = tokenOf(await nextMail(server, cookie, email));
    const entry = await entryOf(await post('/api/auth/email/confirm', { token, password: PASSWORD }));
    expect(entry).toMatchObject({ ...byVisitor, action: 'change', resourceId: id, detail: 'email_confirmed' });
  });

  it('when a forgotten password is set anew', async () => {
    await post('/api/auth/password/forgot', { email });
    const token = tokenOf(await nextMail(server, cookie, email, 2));
    const password = 'violet tram under seven bridges';
    const entry = await entryOf(await post('/api/auth/password/reset', { token, password }));
    expect(entry).toMatchObject({ ...byVisitor, action: 'change', resourceId: id, detail: 'password_reset' });
  });

  it('when a refresh token is used again', async () => {
    const person = await server.person('patient', 'Rob Bed');
    const browser = await TestBrowser.signedIn(server, person);
    const thief = browser.copy();
    expect((await browser.refresh()).status).toBe(200);
    server.clock.advance(LATER_MS);
    expect((await thief.refresh()).status).toBe(401);
    const found = await entries().find({ accountId: person.id, detail: 'refresh_token_replayed' }).toArray();
    expect(found).toMatchObject([{ action: 'failure', resource: 'session', resourceId: anyUuid, outcome: 'refused' }]);
  });
});

describe('administration leaves entries (P2)', () => {
  const byAdmin = () => ({ accountId: admin.id, role: 'administrator', action: 'administration', resource: 'account' });
  const oneSchema = z.object({ invitation: invitationSchema });

  it('when somebody is invited, listed, and accepts', async () => {
    const email = newAddress();
    const response = await post('/api/admin/invitations', { role: 'staff', email }, cookie);
    const { id } = oneSchema.parse(await response.clone().json()).invitation;
    expect(await entryOf(response)).toMatchObject({ ...byAdmin(), resourceId: id, detail: 'invited_staff' });
    const list = await server.call('GET', '/api/admin/invitations', { cookie });
    expect(await entryOf(list)).toMatchObject({ ...byAdmin(), detail: 'invitations_listed' });
    const token = tokenOf(await nextMail(server, cookie, email));
    const accepted = await post('/api/auth/invitations/accept', { token, name: 'Gus Guest', password: PASSWORD });
    expect(await entryOf(accepted)).toMatchObject({
      accountId: null,
      action: 'create',
      resource: 'account',
      resourceId: await accountIdOf(email),
      detail: 'invitation_accepted',
    });
  });

  it('when an invitation is taken back', async () => {
    const response = await post('/api/admin/invitations', { role: 'staff', email: newAddress() }, cookie);
    const { id } = oneSchema.parse(await response.json()).invitation;
    const revoked = await server.call('DELETE', `/api/admin/invitations/${id}`, { cookie });
    expect(await entryOf(revoked)).toMatchObject({ ...byAdmin(), resourceId: id, detail: 'invitation_revoked' });
  });

  it('when an account is approved, and opened again', async () => {
    const doctor = await server.person('doctor', 'Dora Doctor');
    const stored = { _id: toStoredId(doctor.id) };
    const pending = { $set: { status: 'pending', approvedAt: null } };
    await server.database.connection.collection('accounts').updateOne(stored, pending);
    const facts = { ...byAdmin(), resourceId: doctor.id, patientId: null };
    const change = (action: string) =>
      server.call('POST', `/api/admin/accounts/${doctor.id}/${action}`, { cookie }).then(entryOf);
    expect(await change('approve')).toMatchObject({ ...facts, detail: 'account_approved' });
    expect(await change('disable')).toMatchObject({ ...facts, detail: 'account_disabled' });
    expect(await change('enable')).toMatchObject({ ...facts, detail: 'account_enabled' });
  });
});

describe('work leaves entries (P2)', () => {
  it('when working hours change', async () => {
    const doctor = await server.person('doctor', 'Dora Doctor');
    const own = await server.signIn(doctor);
    const shown = await server.call('GET', '/api/schedule', { cookie: own });
    const { schedule, version } = z.object({ schedule: z.looseObject({}), version: z.int() }).parse(await shown.json());
    const body = { schedule, version, keep: [] };
    const entry = await entryOf(await server.call('PUT', '/api/schedule', { cookie: own, body }));
    const facts = { accountId: doctor.id, role: 'doctor', action: 'change', resource: 'schedule' };
    expect(entry).toMatchObject({ ...facts, resourceId: doctor.id, outcome: 'ok' });
  });

  it('when a picture is set and removed', async () => {
    const patient = await server.person('patient', 'Pia Picture');
    const own = await server.signIn(patient);
    const image = sharp({ create: { width: 64, height: 64, channels: 3, background: '#0a7' } }).png();
    const set = await fetch(`${server.url}/api/profile/avatar`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png', cookie: own },
      body: new Uint8Array(await image.toBuffer()),
    });
    const facts = { accountId: patient.id, action: 'change', resource: 'profile', patientId: patient.id };
    expect(await entryOf(set)).toMatchObject({ ...facts, detail: 'avatar_saved' });
    const removed = await server.call('DELETE', '/api/profile/avatar', { cookie: own });
    expect(await entryOf(removed)).toMatchObject({ ...facts, detail: 'avatar_removed' });
  });

  it('when a visit is booked', async () => {
    const desk = BookingDesk.create(server);
    const doctor = await desk.doctor('Dr. Slot');
    const patient = await server.person('patient', 'Pat Books');
    const response = await desk.book(await server.signIn(patient), doctor, desk.slot(3));
    const { appointment } = z
      .object({ appointment: z.object({ id: z.string() }) })
      .parse(await response.clone().json());
    const facts = { accountId: patient.id, role: 'patient', action: 'create', resource: 'appointment' };
    expect(await entryOf(response)).toMatchObject({ ...facts, resourceId: appointment.id, patientId: patient.id });
  });
});
