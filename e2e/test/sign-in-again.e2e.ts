import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DemoAccount } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

const SIGNED_OUT = 'To keep your data safe, we signed you out';
const OVERLAY = 'dialog[open]';

describe('a sign-in that ends while somebody types (R34)', () => {
  let stack: Stack;
  const cast = Cast.create();

  const words = (page: Page) => page.$eval('#profile-allergies', (field) => (field as HTMLTextAreaElement).value);
  const stored = async (person: Person) => JSON.stringify((await person.request('GET', '/api/profile')).body);

  /** Opens a step of the profile and types into it. */
  async function typeAllergies(person: Person, text: string): Promise<void> {
    await person.page.goto(`${stack.url}/settings/profile`);
    await person.press('Change: Your health');
    await person.page.locator('::-p-aria([name="Yes"][role="radio"])').click();
    await person.type('Allergies', text);
  }

  /** The same person signs every other device out from another browser. */
  async function endElsewhere(person: Person): Promise<void> {
    const other = await cast.visit(stack, person.account);
    await signIn(other.page, person.account, `${stack.url}/login`);
    await other.page.waitForSelector('nav a[href="/home"][aria-current="page"]');
    expect((await other.request('POST', '/api/auth/sessions/end-others')).status).toBe(200);
  }

  async function signIn(page: Page, account: DemoAccount, address?: string): Promise<void> {
    if (address !== undefined) await page.goto(address);
    const form = address === undefined ? '#again' : '#login';
    await page.locator(`${form}-email`).fill(account.email);
    await page.locator(`${form}-password`).fill(account.password);
    await page.locator(`form:has(${form}-password) button[type="submit"]`).click();
  }

  /** The cookies are gone, and nothing has told the page so: what it asks for next finds nobody signed in. */
  async function loseCookies({ page }: Person): Promise<void> {
    const devTools = await page.createCDPSession();
    await devTools.send('Network.clearBrowserCookies');
    await devTools.detach();
  }

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('hides the page, cannot be escaped, and gives back every word after signing in over it', async () => {
    const patient = await cast.signIn(stack, 'patient');
    const { page } = patient;
    await typeAllergies(patient, 'Penicillin, since school');
    await endElsewhere(patient);
    await patient.sees(SIGNED_OUT);
    const hidden = (): Promise<boolean> =>
      page.$eval('#profile-allergies', (field) => !field.checkVisibility({ visibilityProperty: true }));
    expect([await hidden(), await words(page)]).toEqual([true, 'Penicillin, since school']);

    for (let presses = 0; presses < 4; presses += 1) await page.keyboard.press('Escape');
    await page.waitForSelector(OVERLAY, { visible: true });
    await signIn(page, patient.account);
    await page.waitForSelector(OVERLAY, { hidden: true });
    expect([await hidden(), await words(page)]).toEqual([false, 'Penicillin, since school']);
    await patient.press('Save');
    await patient.sees('Saved.');
    expect(await stored(patient)).toContain('Penicillin, since school');
  });

  it('gives back every word after the sign-in page, on the same page', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    await typeAllergies(patient, 'Bees\nWasps');
    await endElsewhere(patient);
    await patient.press('Go to the sign-in page');
    await page.waitForSelector('#login-email');
    await signIn(page, patient.account, page.url());
    await page.waitForSelector('#profile-allergies');
    expect([new URL(page.url()).pathname, await words(page)]).toEqual(['/settings/profile', 'Bees\nWasps']);
    await patient.press('Save');
    await patient.sees('Saved.');
    expect(await page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('hc.form.')))).toEqual(
      [],
    );
  });

  it('says of a picture, which cannot be kept, that it has to be chosen again', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    const folder = await mkdtemp(join(tmpdir(), 'health-connect-picture-'));
    const file = join(folder, 'me.png');
    await sharp({ create: { width: 64, height: 64, channels: 3, background: '#0a7' } })
      .png()
      .toFile(file);
    // The rest of the demonstration's profile is complete: a picture is what is offered next.
    await page.goto(`${stack.url}/settings/profile`);
    const picker = await page.waitForSelector<'input'>('input[type="file"]' as 'input');
    await picker?.uploadFile(file);
    await patient.sees('This is how others will see it.');
    await endElsewhere(patient);
    await patient.press('Go to the sign-in page');
    await page.waitForSelector('#login-email');
    await signIn(page, patient.account, page.url());
    await patient.sees('You had chosen a picture. Please choose it again.');
    await (await page.waitForSelector<'input'>('input[type="file"]' as 'input'))?.uploadFile(file);
    await patient.press('Use this picture');
    await patient.sees('Your picture is saved.');
    await patient.press('Change: Your picture');
    await patient.sees('Choose another picture');
    expect(await page.content()).not.toContain('You had chosen a picture');
    await rm(folder, { recursive: true });
  });

  it('gives back every word where the browser stores nothing, and says what would lose them', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    await page.evaluateOnNewDocument(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('No room', 'QuotaExceededError');
      };
    });
    await typeAllergies(patient, 'Dust');
    await endElsewhere(patient);
    await patient.sees('Do not reload this page before you have saved');
    await patient.press('Go to the sign-in page');
    await page.waitForSelector('#login-password');
    await page.locator('#login-email').fill(patient.account.email);
    await page.locator('#login-password').fill(patient.account.password);
    await page.locator('form:has(#login-password) button[type="submit"]').click();
    await page.waitForSelector('#profile-allergies');
    expect([new URL(page.url()).pathname, await words(page)]).toEqual(['/settings/profile', 'Dust']);
    expect(await page.evaluate(() => sessionStorage instanceof Storage)).toBe(false);
  });

  it('gives back a doctor’s hours, too', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 1);
    const { page } = doctor;
    const address = `${stack.url}/schedule`;
    await page.goto(address);
    const notice = await page.waitForSelector('select[id*="slot"], input[type="time"]');
    const id = (await notice?.evaluate((field) => field.id)) ?? '';
    expect(id).not.toBe('');
    const before = await page.$eval('input[type="time"]', (field) => field.value);
    const wanted = before === '10:10' ? '10:20' : '10:10';
    await page.locator('input[type="time"]').fill(wanted);
    await doctor.sees('not saved');
    await endElsewhere(doctor);
    await doctor.press('Go to the sign-in page');
    await page.waitForSelector('#login-email');
    await signIn(page, doctor.account, page.url());
    await page.waitForSelector('input[type="time"]');
    expect(await page.$eval('input[type="time"]', (field) => field.value)).toBe(wanted);
  });

  it('sends nothing of one person as another who signs in over the page', async () => {
    const ana = await cast.signIn(stack, 'patient');
    const { page } = ana;
    const ben = stack.account('patient', 2);
    await typeAllergies(ana, 'Of the one before');
    await loseCookies(ana);
    await ana.press('Save');
    await ana.sees(SIGNED_OUT);
    await signIn(page, ben);
    await ana.sees(`Hello, ${ben.name}`);
    expect(new URL(page.url()).pathname).toBe('/home');
    const profile = await stored(ana);
    expect(profile).toContain(ben.name);
    expect(profile).not.toContain('Of the one before');
    expect(await page.content()).not.toContain('Of the one before');
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('Of the one before');
  });

  it('leaves every other tab when somebody else signs in, whatever is unsaved there', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 1);
    const { page } = doctor;
    await page.goto(`${stack.url}/schedule`);
    await page.waitForSelector('input[type="time"]');
    await page.locator('input[type="time"]').fill('10:30');
    await doctor.sees('not saved');

    const patient = stack.account('patient', 2);
    const second = await page.browser().newPage();
    await second.goto(`${stack.url}/home`);
    await second.locator('::-p-aria([name="Menu"][role="button"])').click();
    await Promise.all([
      second.waitForNavigation(),
      second.locator('::-p-aria([name="Sign out"][role="button"])').click(),
    ]);
    await waitFor(
      'the first tab to show nobody',
      () => page.$$eval('input[type="time"]', (fields) => fields.length).catch(() => -1),
      (fields) => fields === 0,
    );
    await signIn(second, patient, `${stack.url}/login`);
    await second.waitForSelector(`::-p-text(Hello, ${patient.name})`);
    // It goes on as theirs, with nothing of what was there before.
    await page.bringToFront();
    await page.waitForSelector(`::-p-text(Hello, ${patient.name})`);
    expect(await page.$$('input[type="time"]')).toEqual([]);
  });
});
