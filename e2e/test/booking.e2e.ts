import { appointmentEndpoints, type DemoAccount } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** How long it may take until every open page knows that a slot was taken or given back. */
const LIVE_WITHIN_MS = 1_000;
const REASON = 'Itching rash on both arms';

describe('booking in real browsers (R40-R43)', () => {
  let stack: Stack;
  const cast = Cast.create();

  const signIn = (role: DemoAccount['role'], index = 0): Promise<Person> => cast.signIn(stack, role, index);

  /** From the directory to the page of the doctor whom these words find. */
  const openDoctor = async (page: Page, words: string): Promise<string> => {
    await page.goto(`${stack.url}/doctors?term=${words}`);
    await page.locator('article h2 a').click();
    await page.waitForSelector('[data-slot]');
    return new URL(page.url()).pathname;
  };
  /** Until the page knows what the patient has at other times: one that is free without that may not be with it. */
  const untilOwnTimesAreRead = async (page: Page): Promise<void> => {
    const isRead = (path: string): boolean =>
      performance
        .getEntriesByType('resource')
        .some(
          (entry) =>
            entry instanceof PerformanceResourceTiming &&
            new URL(entry.name).pathname === path &&
            entry.responseStatus === 200,
        );
    await page.waitForFunction(isRead, {}, appointmentEndpoints.ofPatient.path);
  };
  /** Starts of the slots that are free, in order. */
  const freeSlots = (page: Page): Promise<string[]> =>
    page.$$eval('.slot.free', (slots) => slots.map((slot) => slot.getAttribute('data-slot') ?? ''));
  const slot = (startsAt: string, state: string): string => `.slot.${state}[data-slot="${startsAt}"]`;
  const textOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (element) => (element instanceof HTMLElement ? element.innerText : ''));
  /** How long it takes until a slot looks like this. */
  const untilSlot = async (page: Page, startsAt: string, state: string): Promise<number> => {
    const since = Date.now();
    await page.waitForSelector(slot(startsAt, state), { timeout: 10_000 });
    return Date.now() - since;
  };
  /** Both browsers press at the same instant of the one clock that they share: before either can hear of the other. */
  const pressTogether = async (pages: readonly Page[], selector: string): Promise<void> => {
    const atMs = Date.now() + 1_000;
    const press = (button: Element, instantMs: number): Promise<void> =>
      new Promise((pressed) => {
        setTimeout(() => {
          if (button instanceof HTMLElement) button.click();
          pressed();
        }, instantMs - Date.now());
      });
    await Promise.all(pages.map((page) => page.$eval(selector, press, atMs)));
  };
  const valueOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (field) => (field instanceof HTMLTextAreaElement ? field.value : ''));
  const onAppointment = async ({ page }: Person): Promise<string> => {
    await page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
    return new URL(page.url()).pathname;
  };

  beforeAll(async () => {
    stack = await startStack();
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('finds a doctor; the address holds the filter, and Back brings the list back', async () => {
    const visitor = await cast.visit(stack, stack.account('patient'));
    const { page } = visitor;
    const chooseLanguage = async (language: string): Promise<void> => {
      await page.waitForSelector(`#side-language option[value="${language}"]`);
      await page.select('#side-language', language);
    };
    await page.goto(`${stack.url}/doctors`);
    await visitor.sees('4 doctors fit');
    const before = await page.evaluate(() => history.length);
    await page.type('#find-term', 'SKIN');
    await visitor.sees('1 doctor fits');
    await chooseLanguage('Turkish');
    await page.waitForFunction(() => location.search === '?language=Turkish&term=SKIN');
    expect(await page.evaluate(() => history.length)).toBe(before);

    await page.reload();
    await visitor.sees('1 doctor fits');
    expect(await page.$eval('#find-term', (field) => (field instanceof HTMLInputElement ? field.value : ''))).toBe(
      'SKIN',
    );
    await page.locator('article h2 a').click();
    await page.waitForSelector('[data-slot]');
    await page.goBack();
    await visitor.sees('1 doctor fits');
    expect(new URL(page.url()).search).toBe('?language=Turkish&term=SKIN');

    await chooseLanguage('French');
    await page.type('#find-term', ' none');
    await visitor.sees('No doctor fits all of this.');
    await visitor.press('Without “SKIN none”: 1 doctor');
    await visitor.sees('Dr. Clara Hoffmann');
  });

  it('a visitor chooses a time, signs in, and is back at it', async () => {
    const visitor = await cast.visit(stack, stack.account('patient', 1));
    const path = await openDoctor(visitor.page, 'hoffmann');
    const [, , wanted = ''] = await freeSlots(visitor.page);
    await visitor.page.locator(slot(wanted, 'free')).click();
    await visitor.page.waitForSelector(slot(wanted, 'chosen'));
    await visitor.page.locator('section a[href^="/login?next="]').click();
    await visitor.type('Email', visitor.account.email);
    await visitor.type('Password', visitor.account.password);
    await visitor.press('Sign in');
    await visitor.page.waitForSelector(slot(wanted, 'held'));
    expect(new URL(visitor.page.url()).pathname).toBe(path);
  });

  it('two patients race for one slot: one wins, the other keeps the text and is offered other times', async () => {
    const [first, second] = [await signIn('patient', 0), await signIn('patient', 1)];
    for (const { page } of [first, second]) {
      await openDoctor(page, 'yilmaz');
      await page.locator('#book-reason').fill(REASON);
    }
    const wanted = (await freeSlots(first.page))[6] ?? '';
    await pressTogether([first.page, second.page], slot(wanted, 'free'));
    const outcomes = await Promise.all(
      [first, second].map(async ({ page }) => {
        const won = page.waitForSelector(slot(wanted, 'held')).then(() => true);
        const lost = page.waitForSelector('#booking [role="alert"]').then(() => false);
        return Promise.race([won, lost]);
      }),
    );
    expect([...outcomes].sort()).toEqual([false, true]);
    const [winner, loser] = outcomes[0] === true ? [first, second] : [second, first];

    expect(await textOf(loser.page, '#booking [role="alert"]')).toContain(
      'Someone just took this time. Here are the next free times. What you typed is still here.',
    );
    expect(await loser.page.$$('#booking .free-time')).toHaveLength(3);
    expect(await valueOf(loser.page, '#book-reason')).toBe(REASON);
    await untilSlot(loser.page, wanted, 'taken');
    const focused = await loser.page.evaluate(() => document.activeElement?.textContent ?? '');
    expect(focused).toContain('Someone just took this time.');

    await winner.press('Ask for this time');
    await onAppointment(winner);
    await winner.sees('Your request is sent.');
    await loser.page.locator('#booking .free-time').click();
    await loser.sees('We keep this time for you until');
    await loser.press('Ask for this time');
    await onAppointment(loser);
    await loser.sees(REASON);
  });

  it('a chosen time is taken for others within a second, and free again when the page is left or closed', async () => {
    const [patient, other] = [await signIn('patient', 2), await signIn('patient', 1)];
    const path = await openDoctor(patient.page, 'rivera');
    await openDoctor(other.page, 'rivera');
    const [wanted = '', next = ''] = await freeSlots(patient.page);
    const choose = async (page: Page, startsAt: string): Promise<void> => {
      await page.locator(slot(startsAt, 'free')).click();
      await page.waitForSelector(slot(startsAt, 'held'));
    };

    await Promise.all([choose(patient.page, wanted), untilSlot(other.page, wanted, 'taken')]);
    const moved = patient.page.locator(slot(next, 'free')).click();
    await patient.page.waitForSelector(slot(next, 'held'));
    await moved;
    expect(await untilSlot(other.page, wanted, 'free')).toBeLessThan(LIVE_WITHIN_MS);
    expect(await untilSlot(other.page, next, 'taken')).toBeLessThan(LIVE_WITHIN_MS);

    await patient.page.locator('nav a[href="/appointments"]').click();
    expect(await untilSlot(other.page, next, 'free')).toBeLessThan(LIVE_WITHIN_MS);

    const tab = await patient.page.browser().newPage();
    await tab.goto(`${stack.url}${path}`);
    await tab.waitForSelector('[data-slot]');
    await choose(tab, wanted);
    await untilSlot(other.page, wanted, 'taken');
    await tab.close({ runBeforeUnload: true });
    expect(await untilSlot(other.page, wanted, 'free')).toBeLessThan(LIVE_WITHIN_MS);
  });

  it('books with the keyboard alone', async () => {
    const patient = await signIn('patient', 1);
    const { page } = patient;
    await openDoctor(page, 'okafor');
    await untilOwnTimesAreRead(page);
    // Tab leads into the grid once, to its first free time; arrows lead on within its day, other keys to another week.
    const focusedSlot = (): Promise<string | null> =>
      page.evaluate(() => document.activeElement?.getAttribute('data-slot') ?? null);
    for (let presses = 0; presses < 40 && (await focusedSlot()) === null; presses += 1)
      await page.keyboard.press('Tab');
    const [firstFree = ''] = await freeSlots(page);
    expect(await focusedSlot()).toBe(firstFree);
    await page.keyboard.press('PageDown');
    await page.waitForFunction((start) => document.querySelector(`[data-slot="${start}"]`) === null, {}, firstFree);
    await page.waitForFunction(() => document.activeElement?.hasAttribute('data-slot'));
    // A week later: of today there may be one time left only.
    const free = await freeSlots(page);
    const next = free[free.indexOf((await focusedSlot()) ?? '') + 1];
    await page.keyboard.press('ArrowDown');
    expect(await focusedSlot()).toBe(next);
    const chosen = next ?? '';
    await page.keyboard.press('Enter');
    await page.waitForSelector(slot(chosen, 'held'));
    for (let presses = 0; presses < 10; presses += 1) {
      if ((await page.evaluate(() => document.activeElement?.id)) === 'book-reason') break;
      await page.keyboard.press('Tab');
    }
    await page.keyboard.type(REASON);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await onAppointment(patient);
    await patient.sees(REASON);
  });

  it('doctor and patient see each change of the other at once: confirmed, another time, taken, called off', async () => {
    const [patient, doctor] = [await signIn('patient', 2), await signIn('doctor', 3)];
    await openDoctor(patient.page, 'rivera');
    const wanted = (await freeSlots(patient.page))[12] ?? '';
    await patient.page.locator(slot(wanted, 'free')).click();
    await patient.page.locator('#book-reason').fill(REASON);
    await patient.sees('We keep this time for you until');
    await patient.press('Ask for this time');
    const path = await onAppointment(patient);
    const confirmIn = async (person: Person): Promise<void> => {
      await person.page.waitForSelector('dialog[open] button[type="submit"]');
      await person.page.locator('dialog[open] button[type="submit"]').click();
    };

    await doctor.page.goto(`${stack.url}${path}`);
    await doctor.sees(REASON);
    await doctor.press('Confirm');
    await confirmIn(doctor);
    await patient.sees('Your appointment is booked.');

    await doctor.press('Offer another time');
    await doctor.page.waitForSelector('.slot.free');
    const other = (await freeSlots(doctor.page))[2] ?? '';
    await doctor.page.locator(slot(other, 'free')).click();
    await doctor.type(`Words for ${patient.account.name} (you can leave it empty)`, 'I am late that day');
    await doctor.press('Offer this time');
    await patient.sees('offers another time:');
    await patient.page.locator('article .notice a').click();
    await patient.sees('I am late that day');
    await patient.press('Take this time');
    await confirmIn(patient);
    await doctor.sees('Booked');
    await doctor.page.goto(`${stack.url}${path}`);
    await doctor.sees('This appointment was moved to another time.');
    await doctor.page.locator('article p a').click();
    await doctor.sees('Instead of:');

    await doctor.press('Cancel appointment');
    await confirmIn(doctor);
    await doctor.sees('Type a few words.');
    await doctor.page.locator('dialog[open] textarea').fill('I am ill');
    await confirmIn(doctor);
    await patient.sees('I am ill');
    await patient.sees('Book another time');
  });
});
