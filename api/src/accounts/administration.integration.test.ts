import { managedAccountSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { nextMail } from '../testing/inbox.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { AccountRepository } from './account.repository.ts';

const pageSchema = z.strictObject({
  accounts: z.array(managedAccountSchema.strict()),
  nextCursor: z.string().nullable(),
});

let server: TestServer;
let admin: Person;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  admin = await server.person('administrator', 'Ada Admin');
  cookie = await server.signIn(admin);
});
afterAll(() => server.close());

const accounts = () => server.database.connection.collection('accounts');
const search = async (body: object) =>
  pageSchema.parse(await (await server.call('POST', '/api/admin/accounts/search', { cookie, body })).json());
const change = (person: { id: string }, action: string, by = cookie) =>
  server.call('POST', `/api/admin/accounts/${person.id}/${action}`, { cookie: by });
const statusOf = async (response: Response): Promise<string> => {
  expect(response.status).toBe(200);
  return z.object({ account: managedAccountSchema.strict() }).parse(await response.json()).account.status;
};

async function pendingDoctor(): Promise<Person> {
  const doctor = await server.person('doctor', 'Dora Doctor');
  await accounts().updateOne({ email: doctor.email }, { $set: { status: 'pending', approvedAt: null } });
  return doctor;
}

describe('search', () => {
  it.each([
    ['one word of the name', 'quimby'],
    ['the beginning of a word, in any case', 'QUIM'],
    ['several words in any order', 'quimby xaver'],
    ['without accents', 'noel'],
    ['as it is written out', 'mueller'],
    ['with accents', 'Noël Müller'],
    ['a word and the beginning of another, as plain text', 'XAVER (m'],
    ['the beginning of the address', 'Xaver.no'],
    ['the beginning of the address up to the @ and beyond', 'ADDRESS@TEST.EX'],
    ['a name and an address', 'quimby address@test'],
  ])('finds by %s', async (_way, text) => {
    const person = await server.person('patient', 'Xaver Noël Müller-Quimby');
    await server.person('patient', 'Xavier Noth Muser');
    const address = person.email.slice(0, -'.example'.length);
    const typed = text.replace('ADDRESS@TEST', address.toUpperCase()).replace('address@test', address);
    const found = await search({ text: typed });
    expect(found.accounts.map(({ id }) => id)).toContain(person.id);
    for (const { name } of found.accounts) expect(name).toBe(person.name);
  });

  it.each(['.*', 'q.imby', '^', '\\', '(', '@', 'uimby', 'quimby nobody', '.*@', '@.*', '@est'])(
    'finds nobody by %s',
    async (text) => {
      await server.person('patient', 'Xaver Noël Müller-Quimby');
      expect((await search({ text })).accounts).toEqual([]);
    },
  );

  it.each([
    'WARD.HOSPITAL-NORTH.example',
    '@ward.hospital-n',
    'hospital',
    '@WARD.',
    'nora @ward.',
    'nora hosp',
    'nora.n@ward.h',
  ])('finds by where the mail goes: %s', async (text) => {
    const email = 'nora.n@ward.hospital-north.example';
    const at = new Date(server.clock.now());
    const facts = { createdAt: at, emailConfirmedAt: at, approvedAt: at };
    const repository = AccountRepository.create(server.database.connection);
    if ((await accounts().findOne({ email })) === null) {
      await repository.insert({ role: 'patient', name: 'Nora Lind', email, passwordHash: 'none', ...facts });
    }
    await server.person('patient', 'Nora Warden');
    expect((await search({ text })).accounts.map((account) => account.email)).toEqual([email]);
  });

  it('finds by a name that has changed, and no more by the one before', async () => {
    const person = await server.person('patient', 'Wilma First');
    const own = await server.signIn(person);
    const found = async (text: string) => (await search({ text })).accounts.map(({ id }) => id);
    for (const name of ['Wilma Meanwhile', 'Wilma Afterwards']) {
      const body = { change: { role: 'patient', name } };
      const changed = await server.call('PUT', '/api/profile', { cookie: own, body });
      expect(changed.status, await changed.text()).toBe(200);
    }
    expect(await found('afterw wilma')).toEqual([person.id]);
    expect(await found('meanwhile')).toEqual([]);
  });

  it('narrows by role and status', async () => {
    const doctor = await pendingDoctor();
    const found = await search({ role: 'doctor', status: 'pending' });
    expect(found.accounts.map(({ id }) => id)).toContain(doctor.id);
    for (const account of found.accounts) expect(account).toMatchObject({ role: 'doctor', status: 'pending' });
    expect((await search({ role: 'staff', text: 'Dora' })).accounts).toEqual([]);
  });

  it('comes in pages that hold every account once', async () => {
    for (let index = 0; index < 51; index += 1) await server.person('staff', 'Page Person');
    const first = await search({ role: 'staff', text: 'Page Person' });
    expect(first.accounts).toHaveLength(50);
    const second = await search({ role: 'staff', text: 'Page Person', cursor: first.nextCursor ?? '' });
    expect(second).toMatchObject({ nextCursor: null });
    const ids = [...first.accounts, ...second.accounts].map(({ id }) => id);
    expect([ids.length, new Set(ids).size]).toEqual([51, 51]);
  });

  it('never holds a password hash (R33), and refuses operators (A15)', async () => {
    const response = await server.call('POST', '/api/admin/accounts/search', { cookie, body: {} });
    expect(await response.text()).not.toMatch(/argon2|passwordHash/);
    for (const body of [{ text: { $ne: '' } }, { role: ['doctor'] }, { $where: '1' }]) {
      const refused = await server.call('POST', '/api/admin/accounts/search', { cookie, body });
      await expectRefusal(refused, 400, 'validation_failed');
    }
  });

  it('is for administrators, and recorded', async () => {
    for (const role of ['patient', 'doctor', 'staff'] as const) {
      const other = await server.signIn(await server.person(role, 'Curious Person'));
      const body = {};
      await expectRefusal(
        await server.call('POST', '/api/admin/accounts/search', { cookie: other, body }),
        403,
        'forbidden',
      );
      await expectRefusal(await change(admin, 'disable', other), 403, 'forbidden');
    }
    const entries = () =>
      server.database.connection.collection('audit_entries').countDocuments({ detail: 'accounts_searched' });
    const before = await entries();
    await search({});
    expect(await entries()).toBe(before + 1);
  });
});

describe('a pending doctor', () => {
  it('works once approved, and is told by mail', async () => {
    const doctor = await pendingDoctor();
    const own = await server.signIn(doctor);
    const work = () => server.call('GET', '/api/appointments/doctor', { cookie: own });
    await expectRefusal(await work(), 403, 'account_pending');
    expect(await statusOf(await change(doctor, 'approve'))).toBe('active');
    expect((await work()).status).toBe(200);
    expect((await nextMail(server, cookie, doctor.email)).subject).toBe('Your account is approved');
    await expectRefusal(await change(doctor, 'approve'), 409, 'conflict');
  });

  it('is pending again when disabled and enabled', async () => {
    const doctor = await pendingDoctor();
    expect(await statusOf(await change(doctor, 'disable'))).toBe('disabled');
    await expectRefusal(await change(doctor, 'approve'), 409, 'conflict');
    expect(await statusOf(await change(doctor, 'enable'))).toBe('pending');
  });
});

describe('disabling', () => {
  it('ends every session at once and refuses the next sign-in (A4)', async () => {
    const person = await server.person('patient', 'Closed Person');
    const [one, other] = [await server.signIn(person), await server.signIn(person)];
    expect(await statusOf(await change(person, 'disable'))).toBe('disabled');
    for (const session of [one, other]) {
      await expectRefusal(await server.call('GET', '/api/auth/me', { cookie: session }), 401, 'unauthenticated');
    }
    await expect(server.signIn(person)).rejects.toThrow('account_disabled');
    expect(await statusOf(await change(person, 'enable'))).toBe('active');
    await expectRefusal(await server.call('GET', '/api/auth/me', { cookie: one }), 401, 'unauthenticated');
    expect(await server.signIn(person)).not.toBe('');
    await expectRefusal(await change(person, 'enable'), 409, 'conflict');
  });

  it('never closes the own account', async () => {
    await expectRefusal(await change(admin, 'disable'), 409, 'conflict');
    expect((await server.call('GET', '/api/auth/me', { cookie })).status).toBe(200);
  });

  it('leaves nothing behind when there is no such account', async () => {
    for (const action of ['approve', 'disable', 'enable']) {
      await expectRefusal(await change({ id: 'f'.repeat(24) }, action), 404, 'not_found');
    }
  });

  it('writes its audit entry with the change (P2)', async () => {
    const person = await server.person('patient', 'Recorded Person');
    await change(person, 'disable');
    const entries = await server.database.connection
      .collection('audit_entries')
      .find({ resourceId: person.id, detail: 'account_disabled' })
      .toArray();
    expect(entries).toMatchObject([
      { accountId: admin.id, action: 'administration', outcome: 'ok', patientId: person.id },
    ]);
  });
});
