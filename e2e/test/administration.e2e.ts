import type { DemoAccount } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** How long a session that was ended may still see anything. */
const OUT_WITHIN_MS = 5_000;
const SIGNED_OUT = 'To keep your data safe, we signed you out';

describe('what administrators do with accounts, in real browsers', () => {
  let stack: Stack;
  let administrator: Person;
  const cast = Cast.create();

  const signIn = (role: DemoAccount['role'], index = 0): Promise<Person> => cast.signIn(stack, role, index);

  /** Finds somebody in the list and opens what can be done with the account. */
  const manage = async (person: Person, name: string): Promise<void> => {
    await person.page.goto(`${stack.url}/admin/people`);
    await person.page.locator('::-p-aria([name="Name or email"])').fill(name);
    await person.press(`Manage: ${name}`);
    await person.sees('Signed in on');
  };
  const confirm = (person: Person): Promise<void> => person.page.locator('dialog[open] button[type="submit"]').click();

  beforeAll(async () => {
    stack = await startStack();
    administrator = await Person.signIn(stack, stack.account('administrator'));
  }, 180_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await administrator.close();
    await stack.stop();
  });

  it("ends one device of somebody's account, then all of them: out within 5 s", async () => {
    const first = await signIn('patient');
    const second = await signIn('patient');
    await manage(administrator, first.account.name);
    // The last used one comes first: the second browser.
    await administrator.page.locator('li.device button').click();
    await confirm(administrator);
    let askedAt = Date.now();
    await second.sees(SIGNED_OUT);
    expect(Date.now() - askedAt).toBeLessThan(OUT_WITHIN_MS);
    expect((await first.request('GET', '/api/auth/me')).status).toBe(200);

    const third = await signIn('patient');
    await manage(administrator, first.account.name);
    await administrator.press('Sign out everywhere');
    await confirm(administrator);
    askedAt = Date.now();
    await Promise.all([first.sees(SIGNED_OUT), third.sees(SIGNED_OUT)]);
    expect(Date.now() - askedAt).toBeLessThan(OUT_WITHIN_MS);
    await administrator.sees('Not signed in anywhere.');
  });

  it('gives an account another role, which ends its sessions; a doctor has to be approved', async () => {
    const patient = await signIn('patient', 1);
    const { name } = patient.account;
    await manage(administrator, name);
    await administrator.press('Change role');
    await administrator.sees('Choose another role first.');
    const list = await administrator.page.waitForSelector('select[id^="role-"]');
    await list?.select('doctor');
    await administrator.press('Change role');
    await administrator.sees('A doctor sees no patients until you approve the account.');
    await confirm(administrator);
    const askedAt = Date.now();
    await patient.sees(SIGNED_OUT);
    expect(Date.now() - askedAt).toBeLessThan(OUT_WITHIN_MS);
    await administrator.sees('The role is changed.');
    await administrator.page.waitForSelector(`::-p-aria([name="Approve: ${name}"][role="button"])`);
    expect(administrator.problems).toEqual([]);
  });

  it('says so when another administrator was faster', async () => {
    const { name } = stack.account('patient', 2);
    const other = await signIn('administrator');
    await manage(administrator, name);
    const list = await administrator.page.waitForSelector('select[id^="role-"]');
    await list?.select('staff');

    await manage(other, name);
    await other.press(`Disable: ${name}`);
    await confirm(other);
    await other.sees('Disabled.');

    await administrator.press('Change role');
    await confirm(administrator);
    await administrator.sees('This account was changed in the meantime.');
  });

  it('offers neither another role nor disabling of the own account', async () => {
    await manage(administrator, administrator.account.name);
    await administrator.sees('This device');
    expect(await administrator.page.$('select[id^="role-"]')).toBeNull();
    expect(await administrator.page.$('button[aria-label^="Disable:"]')).toBeNull();
  });
});
