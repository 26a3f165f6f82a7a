import { appointmentSchema } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
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
