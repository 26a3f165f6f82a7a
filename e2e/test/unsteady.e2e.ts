import type { HTTPRequest, Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { BreakableSockets } from '../support/sockets.ts';
import { startStack, type Stack } from '../support/stack.ts';

const ASK = 'Ask for this time';
const answerSchema = z.object({
  appointment: z.object({ version: z.number(), doctor: z.object({ name: z.string() }) }),
});

/** What goes wrong around a page: storage, sockets, slow and lost answers, other tabs, the next person. */
describe('a page in an unsteady world', () => {
  let stack: Stack;
  const cast = Cast.create();

  const click = (page: Page, selector: string) => page.locator(selector).click();
  const isAt = (page: Page, path: string) => page.waitForFunction((wanted) => location.pathname === wanted, {}, path);
  const openDoctor = async (page: Page, words: string): Promise<void> => {
    await page.goto(`${stack.url}/doctors?term=${words}`);
    await click(page, 'article h2 a');
    await page.waitForSelector('.slot.free');
  };
  const fillLogin = async (page: Page, { account }: Person): Promise<void> => {
    await page.locator('#login-email').fill(account.email);
    await page.locator('#login-password').fill(account.password);
    await click(page, 'form:has(#login-password) button[type="submit"]');
  };
  const isHome = (page: Page) => page.waitForSelector('nav a[href="/home"][aria-current="page"]');
  /** Blocks the addresses that fit; the answer lets them through again. */
  const block = async (page: Page, ...urls: string[]): Promise<() => Promise<void>> => {
    const devTools = await page.createCDPSession();
    await devTools.send('Network.enable');
    await devTools.send('Network.setBlockedURLs', { urls });
    return () => devTools.detach();
  };

  beforeAll(async () => {
    stack = await startStack();
  }, 180_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('opens where the browser forbids storage', async () => {
    const patient = await cast.visit(stack, stack.account('patient'));
    const { page } = patient;
    await page.evaluateOnNewDocument(() => {
      for (const name of ['localStorage', 'sessionStorage']) {
        const get = (): never => {
          throw new DOMException('The operation is insecure.', 'SecurityError');
        };
        Object.defineProperty(window, name, { get, configurable: true });
      }
    });
    await page.goto(`${stack.url}/login`);
    await fillLogin(page, patient);
    await isHome(page);
    await patient.press('Menu');
    await page.locator('::-p-aria([name="Dark"][role="radio"])').click();
    await page.waitForSelector('html[data-theme="dark"]');
  });

  it('reads again what a lost socket did not tell, and counts news in all tabs', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    const sockets = await BreakableSockets.of(page);
    await openDoctor(page, 'yilmaz');
    await click(page, '.slot.free');
    await patient.sees('We keep this time for you until');
    await patient.press(ASK);
    await page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
    const path = new URL(page.url()).pathname;
    const { appointment } = answerSchema.parse((await patient.request('GET', `/api${path}`)).body);
    const doctors = stack.accounts.filter(({ role }) => role === 'doctor');
    const index = doctors.findIndex(({ name }) => name === appointment.doctor.name);
    const doctor = await cast.signIn(stack, 'doctor', index);

    await page.goto(`${stack.url}/appointments`);
    const link = await page.waitForSelector(`article a[href="${path}"]`);
    const cardText = () => link?.evaluate((element) => element.closest('article')?.textContent ?? '');
    const before = await cardText();
    await sockets.lose();
    const body = { version: appointment.version, comment: '' };
    expect((await doctor.request('POST', `/api${path}/confirm`, body)).status).toBe(200);
    await sockets.giveBack();
    await page.waitForFunction(
      (address, text) =>
        (document.querySelector(`a[href="${address}"]`)?.closest('article')?.textContent ?? text) !== text,
      {},
      path,
      before ?? '',
    );

    const tab = await page.browser().newPage();
    await tab.goto(`${stack.url}/home`);
    await tab.waitForSelector('header .count');
    await page.bringToFront();
    await page.waitForSelector('header .count');
    await click(page, 'header button:has(.sign)');
    await patient.press('Mark all as read');
    await page.waitForSelector('header .count', { hidden: true });
    // A tab in the background paints nothing, so nothing is seen there.
    await tab.bringToFront();
    await tab.waitForSelector('header .count', { hidden: true });
  });

  it('opens the bell that could not be loaded at first', async () => {
    const patient = await cast.signIn(stack, 'patient', 2);
    const { page } = patient;
    await page.setOfflineMode(true);
    await click(page, 'header button:has(.sign)');
    await patient.sees('Check your connection, then try again.');
    await page.setOfflineMode(false);
    await page.locator('dialog[open] [role="alert"] button').click();
    await page.waitForSelector('dialog[open] a[href="/settings/notifications"]');
  });

  it('says that times could not be read where somebody asks for one, and reads them again', async () => {
    const patient = await cast.signIn(stack, 'patient', 0);
    const { page } = patient;
    await openDoctor(page, 'rivera');
    const time = await page.$eval('.slot.free', (slot) => slot.getAttribute('data-slot') ?? '');
    const { pathname } = new URL(page.url());
    const unblock = await block(page, '*/slots?*');
    await page.goto(`${stack.url}${pathname}?time=${encodeURIComponent(time)}`);
    await patient.sees('We keep this time for you until');
    await patient.press(ASK);
    await patient.sees('We could not read the free times.');
    await unblock();
    await patient.press(ASK);
    await page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
  });

  it('keeps nothing of a sign-up that was left', async () => {
    const visitor = await cast.visit(stack, stack.account('patient', 2));
    const { page } = visitor;
    await page.goto(`${stack.url}/signup`);
    await page.locator('#signup-name').fill('Maria');
    await page.locator('#signup-email').fill('maria@hospital.example');
    await page.reload();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#signup-name')?.value === 'Maria');
    await click(page, 'a[href^="/login"]');
    await page.waitForSelector('#login-email');
    await page.goBack();
    await page.waitForSelector('#signup-name');
    expect(await page.$eval('#signup-name', (field) => (field instanceof HTMLInputElement ? field.value : ''))).toBe(
      '',
    );
    expect(await page.evaluate(() => JSON.stringify(sessionStorage))).not.toContain('maria');
  });

  it('is signed in, too, when that happens in another tab', async () => {
    const visitor = await cast.visit(stack, stack.account('patient', 2));
    const { page } = visitor;
    await page.goto(`${stack.url}/login?next=/records`);
    await page.waitForSelector('#login-email');
    const tab = await page.browser().newPage();
    await tab.goto(`${stack.url}/login`);
    await fillLogin(tab, visitor);
    await isHome(tab);
    // Nothing is drawn in a tab that nobody looks at, nor waited for.
    await page.bringToFront();
    await isAt(page, '/records');
  });

  it('leads back when a form is left by Back', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 1);
    const { page } = doctor;
    await click(page, 'nav a[href="/patients"]');
    await isAt(page, '/patients');
    await click(page, 'nav a[href="/schedule"]');
    await page.locator('input[type="time"]').fill('10:30');
    const entries = await page.evaluate(() => history.length);
    await page.evaluate(() => history.back());
    await doctor.press('Leave');
    await isAt(page, '/patients');
    expect(await page.evaluate(() => history.length)).toBe(entries);
    await page.evaluate(() => history.back());
    await isAt(page, '/home');
  });

  it('asks who leaves notes while the server hangs, and who signs out before they are saved', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 0);
    const { page } = doctor;
    await page.goto(`${stack.url}/appointments/${await doctor.openConsultation()}/note`);
    await page.waitForSelector('#note-plan');
    const held: HTTPRequest[] = [];
    let fails = false;
    const isSave = (request: HTTPRequest) => request.method() === 'PUT' && request.url().endsWith('/note');
    await page.setRequestInterception(true);
    page.on('request', (request) => {
      if (!isSave(request)) void request.continue();
      else if (fails) void request.abort();
      else held.push(request);
    });
    await page.type('#note-plan', 'Cream, twice a day');
    await click(page, 'nav a[href="/home"]');
    await doctor.sees('We are still saving your notes.');
    await doctor.press('Stay here');
    await Promise.all(held.splice(0).map((request) => request.continue()));
    await page.waitForSelector('[data-note-state="saved"]');

    fails = true;
    await page.type('#note-plan', ', and rest');
    await page.waitForSelector('[data-note-state="unsaved"]');
    const kept = () => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('hc.note')).length);
    expect(await kept()).toBe(1);
    await doctor.press('Menu');
    await doctor.press('Sign out');
    await doctor.sees('Your notes are not saved yet');
    await Promise.all([page.waitForNavigation(), doctor.press('Throw away and sign out')]);
    await page.waitForSelector('a[href="/signup"]');
    expect(await kept()).toBe(0);
  });

  it('tells on every page that the device is offline, and keeps the page that can be read', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    await page.setViewport({ width: 1280, height: 720 });
    await page.goto(`${stack.url}/appointments`);
    await patient.sees('Times are in your time zone');
    await page.setOfflineMode(true);
    await patient.sees('You are offline. You can read what was here at');
    await click(page, 'nav a[href="/records"]');
    await patient.sees('so this page cannot open now');
    await isAt(page, '/appointments');
    await patient.sees('Times are in your time zone');
    await page.setOfflineMode(false);
    await page.waitForSelector('aside.offline', { hidden: true });
    await click(page, 'nav a[href="/records"]');
    await isAt(page, '/records');
  });
});
