import { afterAll, afterEach, beforeAll, describe, it } from 'vitest';
import { shownRecoveryCodes, typeFirstCode } from '../support/authenticator.ts';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

describe('a lost phone, in a real browser', () => {
  let stack: Stack;
  const cast = Cast.create();

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  /** Sets the authenticator of the open dialog up. @returns its recovery codes */
  const setUp = async (person: Person): Promise<string[]> => {
    await typeFirstCode(person);
    await person.press('Turn on the second step');
    const codes = await shownRecoveryCodes(person);
    await person.press('I have kept them');
    return codes;
  };

  it('is replaced by a recovery code, which also makes new codes and gives the second step up (R32)', async () => {
    const account = stack.account('patient');
    const patient = await cast.signIn(stack, 'patient');
    await patient.page.goto(`${stack.url}/settings/security`);
    await patient.press('Set up the second step');
    await patient.type('Current password', account.password);
    await patient.press('Next');
    const [first = ''] = await setUp(patient);
    await patient.sees('The second step is on');

    await patient.press('Use another phone or app');
    await patient.type('Current password', account.password);
    await patient.press('I do not have my phone');
    await patient.type('Recovery code', first);
    await patient.press('Next');
    const [second = ''] = await setUp(patient);

    await patient.press('New recovery codes');
    await patient.type('Current password', account.password);
    await patient.press('I do not have my phone');
    await patient.type('Recovery code', first);
    await patient.press('Make new codes');
    await patient.sees('This code does not fit, or it was used before');
    await patient.type('Recovery code', second);
    await patient.press('Make new codes');
    const [third = ''] = await shownRecoveryCodes(patient);
    await patient.press('I have kept them');

    await patient.press('Turn off the second step');
    await patient.type('Current password', account.password);
    await patient.press('I do not have my phone');
    await patient.type('Recovery code', third);
    await patient.page.locator('dialog[open] button[type="submit"]').click();
    await patient.page.waitForSelector('dialog[open]', { hidden: true });
    await patient.sees('The second step is off');
  });

  it('a person among the people leads to their entries in the audit', async () => {
    const administrator = await cast.signIn(stack, 'administrator');
    await administrator.page.goto(`${stack.url}/admin/people`);
    await administrator.page.locator('main button[aria-expanded="false"]').click();
    const link = await administrator.page.waitForSelector('a[href^="/admin/audit?account="]');
    const id = (await link?.evaluate((anchor) => anchor.getAttribute('href')))?.split('=')[1];
    await link?.click();
    await administrator.page.waitForFunction(
      (value) => document.querySelector<HTMLInputElement>('#audit-account')?.value === value,
      {},
      id,
    );
    await administrator.page.waitForFunction(() => document.querySelector('main li details') !== null);
  });
});
