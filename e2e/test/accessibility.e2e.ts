import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchClient, type Client } from '../support/browser.ts';
import { Person } from '../support/person.ts';
import { inspect, LOOKS } from '../support/screens.ts';
import { startStack, type Stack } from '../support/stack.ts';

const pictures = join(import.meta.dirname, '..', 'output');

describe('every screen, on phone and desktop, light and dark (WCAG 2.2 AA)', () => {
  let stack: Stack;
  let visitor: Client;
  let doctor: Person;

  beforeAll(async () => {
    stack = await startStack();
    await mkdir(pictures, { recursive: true });
    visitor = await launchClient();
    const account = stack.accounts.find((candidate) => candidate.role === 'doctor');
    if (account === undefined) throw new Error('The demonstration hospital has no doctor');
    doctor = await Person.signIn(stack, account);
  }, 180_000);
  afterAll(async () => {
    await Promise.all([visitor.close(), doctor.close()]);
    await stack.stop();
  });

  const looks = async (page: Client['page'], name: string): Promise<string[]> => {
    const problems: string[] = [];
    for (const look of LOOKS) {
      problems.push(...(await inspect(page, look)));
      await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`) });
    }
    return problems;
  };

  it.each([
    ['welcome', '/', 'See your doctor by video'],
    ['sign-in', '/login', 'Sign in'],
    ['help', '/help', 'Help'],
    ['not-found', '/no/such/page', 'We cannot find this page'],
  ])('%s', async (name, path, heading) => {
    await visitor.page.goto(stack.url + path);
    await visitor.page.waitForSelector(`::-p-aria([name="${heading}"][role="heading"])`);
    expect(await looks(visitor.page, name)).toEqual([]);
  });

  it('sign-in that was refused', async () => {
    await visitor.page.goto(`${stack.url}/login`);
    await visitor.page.locator('::-p-aria([name="Email"])').fill('nobody@hospital.example');
    await visitor.page.locator('::-p-aria([name="Password"])').fill('not the password');
    await visitor.page.locator('::-p-aria([name="Sign in"][role="button"])').click();
    await visitor.page.waitForSelector('::-p-text(This email and password do not match)');
    expect(await looks(visitor.page, 'sign-in-refused')).toEqual([]);
  });

  it('appointments, coming and past, and the menu', async () => {
    expect(await looks(doctor.page, 'appointments')).toEqual([]);
    await doctor.page.locator('::-p-text(Past)').click();
    await doctor.sees('Done');
    expect(await looks(doctor.page, 'appointments-past')).toEqual([]);
    await doctor.press('Menu');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'menu')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
  });

  it('prepare, room and after', async () => {
    await doctor.openConsultation();
    expect(await looks(doctor.page, 'prepare')).toEqual([]);
    await doctor.press('Turn on camera and microphone');
    await doctor.sees('We hear you');
    expect(await looks(doctor.page, 'prepare-on')).toEqual([]);
    await doctor.press('Join now');
    await doctor.sees('You are the only one here.');
    expect(await looks(doctor.page, 'room-alone')).toEqual([]);
    await doctor.press('More');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'room-more')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
    await doctor.press('Leave');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'room-leave')).toEqual([]);
    await doctor.press('Leave, others stay');
    await doctor.sees('You left the call');
    expect(await looks(doctor.page, 'after')).toEqual([]);
  });

  it('right to left, in Arabic', async () => {
    await doctor.page.goto(`${stack.url}/appointments`);
    await doctor.page.evaluate(() => localStorage.setItem('PARAGLIDE_LOCALE', 'ar'));
    await doctor.page.reload();
    await doctor.page.waitForSelector('html[dir="rtl"][lang="ar"] h1');
    expect(await looks(doctor.page, 'appointments-arabic')).toEqual([]);
  });

  it('shows nothing that comes from elsewhere', async () => {
    const hosts = new Set<string>();
    visitor.page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await visitor.page.goto(`${stack.url}/login`, { waitUntil: 'networkidle0' });
    expect([...hosts]).toEqual([new URL(stack.url).host]);
  });
});
