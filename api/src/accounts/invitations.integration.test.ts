import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { invitationSchema, linkTokenOf, type Invitation } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { administratorOf, mailsTo, newAddress, nextMail, tokenOf } from '../testing/inbox.ts';
import { PASSWORD, TestServer } from '../testing/test-server.ts';
import { FIRST_ADMINISTRATOR_FILE } from './first-administrator.ts';
import { INVITATION_LIFETIME_MS } from './invitation.service.ts';

let server: TestServer;
let administrator: string;

beforeAll(async () => {
  server = await TestServer.start();
  administrator = await administratorOf(server);
});
afterAll(() => server.close());

const invite = (role: string, email: string, cookie: string | undefined = administrator) =>
  server.call('POST', '/api/admin/invitations', { cookie, body: { role, email } });
const accept = (token: string, parts: object = {}) =>
  server.call('POST', '/api/auth/invitations/accept', {
    body: { token, name: 'Gus Guest', password: PASSWORD, ...parts },
  });
const show = (token: string) => server.call('POST', '/api/auth/invitations/show', { body: { token } });
const login = (email: string) => server.call('POST', '/api/auth/login', { body: { email, password: PASSWORD } });

async function invited(role: string): Promise<{ email: string; token: string; invitation: Invitation }> {
  const email = newAddress();
  const response = await invite(role, email);
  expect(response.status).toBe(201);
  const { invitation } = z.strictObject({ invitation: invitationSchema.strict() }).parse(await response.json());
  return { email, invitation, token: tokenOf(await nextMail(server, administrator, email)) };
}

async function listed(): Promise<string[]> {
  const response = await server.call('GET', '/api/admin/invitations', { cookie: administrator });
  const { invitations } = z.object({ invitations: z.array(invitationSchema.strict()) }).parse(await response.json());
  return invitations.map(({ id }) => id);
}

describe('invitations', () => {
  it.each([
    ['staff', 'active'],
    ['administrator', 'active'],
    ['doctor', 'pending'],
  ])('bring in %s, who is %s then', async (role, status) => {
    const { email, token } = await invited(role);
    expect(await (await show(token)).json()).toEqual({ role, email });
    const response = await accept(token);
    expect(response.status).toBe(201);
    expect(await response.json()).toEqual({ email, status });
    expect((await login(email)).status).toBe(200);
  });

  it('are accepted once, also by ten at once', async () => {
    const { token } = await invited('staff');
    const answers = await Promise.all(Array.from({ length: 10 }, () => accept(token)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 410)]);
    await expectRefusal(await show(token), 410, 'link_expired');
  });

  it('are good for 7 days', async () => {
    const { token } = await invited('staff');
    const before = server.clock.now();
    server.clock.advance(INVITATION_LIFETIME_MS);
    await expectRefusal(await accept(token), 410, 'link_expired');
    server.clock.set(before);
  });

  it('can be taken back', async () => {
    const { token, invitation } = await invited('staff');
    expect(await listed()).toContain(invitation.id);
    const path = `/api/admin/invitations/${invitation.id}`;
    expect((await server.call('DELETE', path, { cookie: administrator })).status).toBe(200);
    await expectRefusal(await server.call('DELETE', path, { cookie: administrator }), 404, 'not_found');
    expect(await listed()).not.toContain(invitation.id);
    await expectRefusal(await accept(token), 410, 'link_expired');
  });

  it('replace the earlier one of the same address', async () => {
    const { email, token } = await invited('staff');
    expect((await invite('doctor', email)).status).toBe(201);
    await nextMail(server, administrator, email, 2);
    await expectRefusal(await accept(token), 410, 'link_expired');
    await mailsTo(server, administrator, email);
  });

  it('are for addresses without an account, and for no other address than their own', async () => {
    const taken = await server.person('patient', 'Known Person');
    await expectRefusal(await invite('staff', taken.email), 409, 'email_taken');
    const { token } = await invited('staff');
    await expectRefusal(await accept(token, { email: newAddress() }), 400, 'validation_failed');
    expect((await accept(token)).status).toBe(201);
  });

  it('stay good when the password is refused', async () => {
    const { token } = await invited('staff');
    await expectRefusal(await accept(token, { password: 'password1234' }), 400, 'password_common');
    expect((await accept(token)).status).toBe(201);
  });

  it.each(['patient', 'doctor', 'staff'] as const)('are not made by a %s (R31)', async (role) => {
    const cookie = await server.signIn(await server.person(role, 'Curious Person'));
    await expectRefusal(await invite('staff', newAddress(), cookie), 403, 'forbidden');
    await expectRefusal(await server.call('GET', '/api/admin/invitations', { cookie }), 403, 'forbidden');
  });

  it('never bring in a patient, and name no unknown role', async () => {
    await expectRefusal(await invite('patient', newAddress()), 400, 'validation_failed');
  });
});

describe('the one-time link of an empty installation', () => {
  const fileOf = (of: TestServer): string => join(of.config.dataDir, FIRST_ADMINISTRATOR_FILE);
  const post = (of: TestServer, body: object) =>
    of.call('POST', '/api/auth/invitations/accept', { body: { name: 'First Admin', password: PASSWORD, ...body } });

  it('makes one administrator, is readable by the owner only, and is gone then', async () => {
    const empty = await TestServer.start();
    expect((await stat(fileOf(empty))).mode & 0o777).toBe(0o600);
    const link = new URL((await readFile(fileOf(empty), 'utf8')).trim());
    expect(link.pathname).toBe('/invitation');
    const token = linkTokenOf(link.hash);
    await expectRefusal(await post(empty, { token }), 400, 'validation_failed');
    const attempts = ['one@test.example', 'two@test.example'].map((email) => post(empty, { token, email }));
    const statuses = (await Promise.all(attempts)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([201, 410]);
    const found = await empty.database.connection.collection('accounts').find().toArray();
    expect(found).toMatchObject([{ role: 'administrator', status: 'active' }]);
    await expect(stat(fileOf(empty))).rejects.toThrow(/ENOENT/);
    await empty.close();
  });

  it('is worth nothing once there is an administrator', async () => {
    const token = linkTokenOf(new URL((await readFile(fileOf(server), 'utf8')).trim()).hash);
    await expectRefusal(await post(server, { token, email: newAddress() }), 410, 'link_expired');
  });

  it('is not made in the demonstration hospital', async () => {
    const demo = await TestServer.start({ HC_DEMO: '1' });
    await expect(stat(fileOf(demo))).rejects.toThrow(/ENOENT/);
    await demo.close();
  });
});
