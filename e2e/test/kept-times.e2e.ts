import type { DemoAccount } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** How long it may take until every open page knows that a slot was taken or given back. */
const LIVE_WITHIN_MS = 1_000;
const KEPT = 'We keep this time for you until';
const WORDS = 'I am away that morning';

const listSchema = z.object({
  appointments: z.array(z.object({ id: z.string(), status: z.string(), outcome: z.string().nullable() })),
});

describe('a time that somebody chooses is kept for them (R41)', () => {
  let stack: Stack;
  const cast = Cast.create();

  const slot = (startsAt: string, state: string): string => `.slot.${state}[data-slot="${startsAt}"]`;
  /** Starts of the slots that are free, in order. */
  const freeSlots = async (page: Page): Promise<string[]> => {
    await page.waitForSelector('.slot.free');
    return page.$$eval('.slot.free', (slots) => slots.map((each) => each.getAttribute('data-slot') ?? ''));
  };
  /** How long it takes until a slot looks like this. */
  const untilSlot = async (page: Page, startsAt: string, state: string): Promise<number> => {
    const since = Date.now();
    await page.waitForSelector(slot(startsAt, state), { timeout: 10_000 });
    return Date.now() - since;
  };
  const choose = async (page: Page, startsAt: string): Promise<void> => {
    await page.locator(slot(startsAt, 'free')).click();
    await page.waitForSelector(slot(startsAt, 'held'));
  };
  /** The page of the doctor whom these words find. */
  const openDoctor = async (page: Page, words: string): Promise<string> => {
    await page.goto(`${stack.url}/doctors?term=${words}`);
    await page.locator('article h2 a').click();
    await page.waitForSelector('[data-slot]');
    return new URL(page.url()).pathname;
  };
  /** A patient books with a doctor who has to confirm; answers the page of the appointment. */
  const book = async (patient: Person, words: string): Promise<string> => {
    const { page } = patient;
    await openDoctor(page, words);
    const [, , , , wanted = ''] = await freeSlots(page);
    await choose(page, wanted);
    await patient.press('Ask for this time');
    await page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
    return new URL(page.url()).pathname;
  };
  const signIn = async (page: Page, account: DemoAccount, form: '#again' | '#login'): Promise<void> => {
    await page.locator(`${form}-email`).fill(account.email);
    await page.locator(`${form}-password`).fill(account.password);
    await page.locator(`form:has(${form}-password) button[type="submit"]`).click();
  };
  /** The same person signs every other device out from another browser. */
  const endElsewhere = async ({ account }: Person): Promise<void> => {
    const other = await cast.signIn(stack, account.role, stack.accounts.filter(sameRole(account)).indexOf(account));
    expect((await other.request('POST', '/api/auth/sessions/end-others')).status).toBe(200);
  };
  const sameRole =
    ({ role }: DemoAccount) =>
    (account: DemoAccount): boolean =>
      account.role === role;
  const valueOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (field) => (field instanceof HTMLTextAreaElement ? field.value : ''));

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it.each(['doctor', 'patient'] as const)(
    'as another time by the %s: taken for everybody else at once, free again on leaving',
    async (side) => {
      const patient = await cast.signIn(stack, 'patient', 2);
      const doctor = await cast.signIn(stack, 'doctor', 3);
      const watcher = await cast.visit(stack, stack.account('patient', 1));
      const path = await book(patient, 'rivera');
      await openDoctor(watcher.page, 'rivera');
      const { page } = side === 'doctor' ? doctor : patient;
      const open = async (tab: Page): Promise<void> => {
        await tab.goto(`${stack.url}${path}`);
        await tab.locator('::-p-aria([name="Offer another time"][role="button"])').click();
        await tab.waitForSelector('.slot.free');
      };
      await open(page);
      const [wanted = '', next = ''] = await freeSlots(page);
      await Promise.all([choose(page, wanted), untilSlot(watcher.page, wanted, 'taken')]);
      await page.waitForSelector(`::-p-text(${KEPT})`);
      await choose(page, next);
      expect(await untilSlot(watcher.page, wanted, 'free')).toBeLessThan(LIVE_WITHIN_MS);
      expect(await untilSlot(watcher.page, next, 'taken')).toBeLessThan(LIVE_WITHIN_MS);

      await page.locator('::-p-aria([name="Cancel"][role="button"])').click();
      expect(await untilSlot(watcher.page, next, 'free')).toBeLessThan(LIVE_WITHIN_MS);

      const tab = await page.browser().newPage();
      await open(tab);
      await choose(tab, wanted);
      await untilSlot(watcher.page, wanted, 'taken');
      await tab.close({ runBeforeUnload: true });
      expect(await untilSlot(watcher.page, wanted, 'free')).toBeLessThan(LIVE_WITHIN_MS);

      await open(page);
      await choose(page, wanted);
      await page.locator('::-p-aria([name="Offer this time"][role="button"])').click();
      await page.waitForFunction((before) => location.pathname !== before, {}, path);
      await watcher.page.waitForSelector(slot(wanted, 'taken'));
    },
  );

  it('as a follow-up by the doctor, and booked', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 0);
    const watcher = await cast.visit(stack, stack.account('patient', 1));
    const { body } = await doctor.request('GET', '/api/appointments/doctor');
    const visit = listSchema
      .parse(body)
      .appointments.find(({ status, outcome }) => status === 'completed' && outcome === 'met');
    await doctor.page.goto(`${stack.url}/appointments/${visit?.id ?? ''}`);
    await doctor.press('Book a follow-up');
    const wanted = (await freeSlots(doctor.page))[3] ?? '';
    const { pathname } = new URL(
      await doctor.page.evaluate(async () => {
        const answer = (await (await fetch('/api/auth/me')).json()) as { account: { id: string } };
        return `${location.origin}/doctors/${answer.account.id}`;
      }),
    );
    await watcher.page.goto(`${stack.url}${pathname}?time=${wanted}`);
    await watcher.page.waitForSelector(`[data-slot="${wanted}"]`);
    await Promise.all([choose(doctor.page, wanted), untilSlot(watcher.page, wanted, 'taken')]);
    await doctor.sees(KEPT);
    await doctor.press('Book this time');
    await doctor.page.waitForFunction((before) => location.pathname !== before, {}, `/appointments/${visit?.id ?? ''}`);
    await doctor.sees('Booked');
  });

  it('survives a sign-in that has ended, over the page and on the sign-in page, with every word', async () => {
    const patient = await cast.signIn(stack, 'patient', 2);
    const { page } = patient;
    const path = await book(patient, 'rivera');
    await page.goto(`${stack.url}${path}`);
    await patient.press('Offer another time');
    const [wanted = ''] = await freeSlots(page);
    await choose(page, wanted);
    await page.locator('#pick-words').fill(WORDS);

    await endElsewhere(patient);
    await page.waitForSelector('#again-email');
    await signIn(page, patient.account, '#again');
    await page.waitForSelector('dialog[open]', { hidden: true });
    await page.waitForSelector(slot(wanted, 'held'), { visible: true });
    expect(await valueOf(page, '#pick-words')).toBe(WORDS);

    await endElsewhere(patient);
    await patient.press('Go to the sign-in page');
    await signIn(page, patient.account, '#login');
    await page.waitForSelector(slot(wanted, 'held'), { visible: true });
    await patient.sees(KEPT);
    expect([new URL(page.url()).pathname, await valueOf(page, '#pick-words')]).toEqual([path, WORDS]);
    await patient.press('Offer this time');
    await page.waitForFunction((before) => location.pathname !== before, {}, path);
    await patient.sees(WORDS);
  });

  it('as soon as a visitor has an account, at the end of the way through their mail', async () => {
    const account = {
      role: 'patient',
      name: 'Mia Roth',
      email: 'mia@hospital.example',
      password: 'a tree by the river',
    };
    const visitor = await cast.visit(stack, { ...account, role: 'patient' });
    const administrator = await cast.signIn(stack, 'administrator');
    const { page } = visitor;
    const path = await openDoctor(page, 'hoffmann');
    const wanted = (await freeSlots(page))[5] ?? '';
    await page.locator(slot(wanted, 'free')).click();
    await page.locator('section a[href^="/signup?next="]').click();
    await visitor.type('Full name', account.name);
    await visitor.type('Email', account.email);
    await visitor.type('Day', '27');
    await visitor.type('Month', '3');
    await visitor.type('Year', '1985');
    await visitor.type('Password', account.password);
    await visitor.press('Make my account');
    await visitor.sees('Check your email');
    await administrator.page.goto(`${stack.url}/admin/outbox`);
    await (await administrator.page.waitForSelector(`details ::-p-text(${account.email})`))?.click();
    const link = await administrator.page.waitForSelector('details[open] a[href*="#token="]');
    await page.goto((await link?.evaluate((anchor) => anchor.getAttribute('href'))) ?? '');
    await visitor.type('Password', account.password);
    await visitor.press('Confirm my email');
    await visitor.sees('Your email is confirmed');
    await page.locator('main a[href="/"]').click();
    await page.waitForSelector(slot(wanted, 'held'));
    await visitor.sees(KEPT);
    expect(new URL(page.url()).pathname).toBe(path);
  });

  it('or is offered others, where a visitor’s time was taken while they signed in', async () => {
    const visitor = await cast.visit(stack, stack.account('patient', 1));
    const faster = await cast.signIn(stack, 'patient', 0);
    const { page } = visitor;
    await openDoctor(page, 'hoffmann');
    const path = await openDoctor(faster.page, 'hoffmann');
    const wanted = (await freeSlots(page))[8] ?? '';
    await page.locator(slot(wanted, 'free')).click();
    await page.locator('section a[href^="/login?next="]').click();
    await page.waitForSelector('#login-email');
    await choose(faster.page, wanted);
    await signIn(page, visitor.account, '#login');
    await visitor.sees('Someone just took this time.');
    await page.waitForSelector(slot(wanted, 'taken'));
    expect(await page.$$('#booking .free-time')).toHaveLength(3);
    expect(new URL(page.url()).pathname).toBe(path);
    await page.locator('#booking .free-time').click();
    await visitor.sees(KEPT);
  });
});
