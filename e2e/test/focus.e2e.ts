import { appointmentSchema } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import { moveVisit } from '../support/move-visit.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

const listSchema = z.object({ appointments: z.array(appointmentSchema) });

/** Where the focus is: seen (WCAG 2.4.11), and not lost with what it was on (2.4.3). */
describe('the focus', () => {
  let stack: Stack;
  const cast = Cast.create();

  /** What has the focus, in words. */
  const isOn = (page: Page, words: string) =>
    page.waitForFunction((wanted) => document.activeElement?.textContent.includes(wanted), {}, words);
  const own = async (person: Person, of: 'patient' | 'doctor') =>
    listSchema.parse((await person.request('GET', `/api/appointments/${of}`)).body).appointments;

  beforeAll(async () => {
    stack = await startStack();
  }, 180_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it.each(['100%', '200%'])('is never under the allergies that stay in view, with text at %s', async (text) => {
    const patient = await cast.signIn(stack, 'patient', 0);
    const allergies = ['Penicillin', 'Latex', 'Peanuts', 'Wasp stings', 'Contrast agents with iodine', 'Birch pollen'];
    await patient.request('PUT', '/api/profile', { change: { role: 'patient', allergies } });
    const doctor = await cast.signIn(stack, 'doctor', 0);
    const { page } = doctor;
    const [visit] = (await own(doctor, 'doctor')).filter(({ patient: { name } }) => name === patient.account.name);
    await page.setViewport({ width: 360, height: 640 });
    await page.goto(`${stack.url}/patients/${visit?.patient.id ?? ''}`);
    await page.waitForSelector('.visit a');
    await page.evaluate((size) => void (document.documentElement.style.fontSize = size), text);
    const links = await page.$$eval('.visit a', (found) => {
      found.at(-1)?.focus();
      return found.length;
    });
    const covered: string[] = [];
    for (let step = 1; step < links; step += 1) {
      await page.keyboard.down('Shift');
      await page.keyboard.press('Tab');
      await page.keyboard.up('Shift');
      const under = await page.evaluate(() => {
        const focused = document.activeElement;
        const { left, top, height } = focused?.getBoundingClientRect() ?? new DOMRect();
        const seen = document.elementFromPoint(left + 3, top + height / 2);
        return seen === null || focused?.contains(seen) === true ? '' : seen.outerHTML.slice(0, 80);
      });
      if (under !== '') covered.push(under);
    }
    expect(links).toBeGreaterThan(3);
    expect(covered).toEqual([]);
  });

  it.each([
    [360, '100%', 30],
    [360, '200%', 30],
    [1280, '200%', 80],
  ])('is never under a message, and no control stays under one: %d px, text at %s', async (width, text, edgePx) => {
    const patient = await cast.signIn(stack, 'patient', 0);
    const { page } = patient;
    await page.setViewport({ width, height: 400 });
    await page.goto(`${stack.url}/settings/notifications`);
    await page.waitForSelector('main form button[type="submit"]');
    await page.evaluate((size) => void (document.documentElement.style.fontSize = size), text);
    // The person has gone on to what lies at the lower edge of the window when the message comes.
    await page.evaluate((edge) => {
      document.querySelector<HTMLButtonElement>('main form button[type="submit"]')?.click();
      const last = [...document.querySelectorAll('main form input')].at(-1);
      const { top, height } = last?.getBoundingClientRect() ?? new DOMRect();
      scrollBy(0, top + height / 2 - innerHeight + edge);
      if (last instanceof HTMLInputElement) last.focus({ preventScroll: true });
    }, edgePx);
    await page.waitForSelector('.toast');
    // The room follows the size of the message, which is known a frame later.
    await page.waitForFunction(() => {
      const needed = document.querySelector<HTMLElement>('.toaster')?.offsetHeight ?? 0;
      const hasToast = needed > (document.querySelector<HTMLElement>('.toast')?.offsetHeight ?? needed);
      return hasToast && parseFloat(getComputedStyle(document.body).paddingBlockEnd) >= needed;
    });
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      const box = activeElement?.getBoundingClientRect() ?? new DOMRect();
      const seen = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
      return [activeElement?.tagName, activeElement === seen];
    });
    expect(focused).toEqual(['INPUT', true]);
    // The whole page can be scrolled out from under it.
    const covered = await page.evaluate(() => {
      scrollTo(0, document.documentElement.scrollHeight);
      const top = document.querySelector('.toast')?.getBoundingClientRect().top ?? 0;
      const controls = [...document.querySelectorAll('main :is(a, button, input)')];
      return controls.filter((control) => control.getBoundingClientRect().bottom > top).map((one) => one.outerHTML);
    });
    expect(covered).toEqual([]);
    await patient.press('Dismiss');
    await page.waitForFunction(() => getComputedStyle(document.body).paddingBlockEnd === '0px');
  });

  /** Opens what has a bar at the lower edge; answers which control of it leads on. */
  const bars = {
    'a chosen time': async ({ page }: Person) => {
      await page.goto(`${stack.url}/doctors?term=hoffmann`);
      await page.locator('article h2 a').click();
      await page.locator('.slot.free').click();
      return '.times .bar button';
    },
    'the way into a call': async (patient: Person) => {
      await patient.openConsultation();
      await patient.press('Turn on camera and microphone');
      await patient.sees('We hear you');
      return '.go button';
    },
  } as const;

  it.each(['a chosen time', 'the way into a call'] as const)(
    'finds the bar of %s above a message, and both above a keyboard',
    async (kind) => {
      const patient = await cast.signIn(stack, 'patient', 0);
      const { page } = patient;
      const doctor = await cast.signIn(stack, 'doctor', 1);
      await page.setViewport({ width: 360, height: 640 });
      const control = await bars[kind](patient);
      await page.waitForSelector(control);
      // News come from elsewhere.
      const coming = (await own(doctor, 'doctor')).find(
        ({ status, patient: { name } }) => status === 'scheduled' && name === patient.account.name,
      );
      await moveVisit(doctor, patient, coming?.id ?? '');
      await page.waitForSelector('.toast');
      /** Lower edge of the message, and whether all of the control can be pressed where the bar sticks. */
      const look = () =>
        page.evaluate((selector) => {
          const edges = [...document.querySelectorAll('.toast')].map((toast) => toast.getBoundingClientRect().bottom);
          const found = document.querySelector(selector);
          // To where what the bar belongs to begins in the middle of the window, and ends below it.
          scrollBy(0, (found?.parentElement?.parentElement?.getBoundingClientRect().top ?? 0) - 380);
          const { left, right, top, bottom } = found?.getBoundingClientRect() ?? new DOMRect();
          const corners = [left + 8, right - 8].flatMap((x) => [top + 8, bottom - 8].map((y) => [x, y] as const));
          const isFree = corners.every(([x, y]) => found?.contains(document.elementFromPoint(x, y)) === true);
          return { edgePx: Math.max(...edges), isFree };
        }, control);
      await page.waitForFunction(() => parseFloat(getComputedStyle(document.body).paddingBlockEnd) > 44);
      const below = await look();
      expect([below.isFree, below.edgePx > 600]).toEqual([true, true]);
      // No keyboard comes up in this browser: what the page is told of one is set by hand.
      const hide = (px: number) =>
        page.evaluate((hiddenPx) => {
          Object.defineProperty(visualViewport, 'height', { value: innerHeight - hiddenPx, configurable: true });
          visualViewport?.dispatchEvent(new Event('resize'));
        }, px);
      await hide(60);
      await page.waitForFunction(
        () => getComputedStyle(document.documentElement).getPropertyValue('--keyboard') !== '',
      );
      const above = await look();
      expect([above.isFree, above.edgePx <= 580, above.edgePx > 540]).toEqual([true, true, true]);
      await hide(0);
      expect((await look()).edgePx).toBe(below.edgePx);
    },
  );

  it('begins anew at the heading when an appointment was cancelled', async () => {
    const patient = await cast.signIn(stack, 'patient', 0);
    const { page } = patient;
    const coming = (await own(patient, 'patient')).find(
      ({ status, door }) => status === 'scheduled' && door.state === 'early',
    );
    await page.goto(`${stack.url}/appointments/${coming?.id ?? ''}`);
    await patient.press('Cancel appointment');
    await page.locator('dialog[open] button[type="submit"]').click();
    await patient.sees('You canceled this appointment.');
    await isOn(page, 'Appointment with');
  });

  it('stays among the filters when one of them is removed', async () => {
    const visitor = await cast.visit(stack, stack.account('patient'));
    const { page } = visitor;
    await page.goto(`${stack.url}/doctors?language=English&mode=video`);
    await page.waitForSelector('article');
    await visitor.press('Remove: English');
    await isOn(page, 'Video call');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.id === 'find-term');
  });
});
