import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import { makeClockMovable, putClockAhead } from '../support/device-clock.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;
/** The doctor's slots are so long, without a break between them. */
const SLOT_MS = 15 * 60_000;
/** More keys than any page of these has places for the focus. */
const MOST_TABS = 250;

const doctorsSchema = z.object({ doctors: z.array(z.object({ id: z.string(), timeZone: z.string() })) });
const weekSchema = z.object({
  days: z.array(
    z.object({
      date: z.string(),
      slots: z.array(
        z.looseObject({ startsAt: z.string(), startTime: z.string(), endTime: z.string(), state: z.string() }),
      ),
    }),
  ),
});
type Day = z.infer<typeof weekSchema>['days'][number];

describe("a doctor's hours (R20, R41)", () => {
  let stack: Stack;
  const cast = Cast.create();

  /** Goes on with Tab alone until the focus is on what this selector finds. */
  const tabTo = async (page: Page, selector: string): Promise<void> => {
    for (let presses = 0; presses < MOST_TABS; presses += 1) {
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`The keyboard does not reach ${selector}`);
  };
  const valueOf = (page: Page, selector: string): Promise<string> =>
    page.$eval(selector, (field) => (field instanceof HTMLInputElement ? field.value : ''));
  /** A time field of a weekday's first hours: 0 is its start, 1 its end. */
  const timeField = (weekday: number, index: number): string =>
    `section[aria-labelledby="day-${weekday}"] .hours:first-of-type .field:nth-of-type(${index + 1}) input[type="time"]`;
  /** Types a date into the field that has the focus, in the order in which this browser writes dates. */
  const typeDate = async (page: Page, date: string): Promise<void> => {
    const digits = await page.evaluate((day) => {
      const format = new Intl.DateTimeFormat(navigator.language, { year: 'numeric', month: '2-digit', day: '2-digit' });
      const parts = format.formatToParts(new Date(`${day}T12:00:00`));
      return parts.flatMap(({ type, value }) => (type === 'literal' ? [] : [value])).join('');
    }, date);
    await page.keyboard.type(digits);
  };
  /** The doctor's days from a week on, as the doctor's own calendar has them. */
  const weekOf = async ({ request }: Pick<Person, 'request'>, id: string, timeZone: string): Promise<Day[]> => {
    const from = new Date(Date.now() + 7 * DAY_MS).toISOString().slice(0, 10);
    const query = new URLSearchParams({ from, days: '7', timeZone }).toString();
    return weekSchema.parse((await request('GET', `/api/doctors/${id}/slots?${query}`)).body).days;
  };
  const onWeekday = (days: readonly Day[], weekday: number): Day => {
    const found = days.find(({ date }) => new Date(`${date}T12:00:00Z`).getUTCDay() === weekday);
    if (found === undefined) throw new RangeError(`There is no day ${weekday} in the week`);
    return found;
  };
  const doctorOf = async (person: Person): Promise<{ id: string; timeZone: string }> => {
    const [found] = doctorsSchema.parse((await person.request('GET', '/api/doctors?term=yilmaz')).body).doctors;
    if (found === undefined) throw new RangeError('The demonstration hospital has lost its doctor');
    return found;
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

  it('are changed by the keyboard alone, tell which visits they touch, and are what visitors see', async () => {
    const [patient, doctor] = [await cast.signIn(stack, 'patient', 2), await cast.signIn(stack, 'doctor', 1)];
    const { page } = doctor;
    const { id, timeZone } = await doctorOf(patient);
    const ask = { request: patient.request.bind(patient) };
    const days = await weekOf(ask, id, timeZone);
    const [monday, tuesday, wednesday] = [1, 2, 3].map((weekday) => onWeekday(days, weekday));
    const free = tuesday?.slots.find(({ state }) => state === 'free');
    const booked = await patient.request('POST', '/api/appointments', {
      doctorId: id,
      date: tuesday?.date,
      startTime: free?.startTime,
      endTime: free?.endTime,
      mode: 'video',
      reason: 'A mole that grows',
      idempotencyKey: crypto.randomUUID(),
    });
    expect(booked.status).toBe(201);

    await page.goto(`${stack.url}/schedule`);
    await page.waitForSelector(timeField(1, 0));
    expect([await valueOf(page, timeField(1, 0)), await valueOf(page, timeField(3, 1))]).toEqual(['10:00', '16:00']);
    await tabTo(page, timeField(1, 0));
    await page.keyboard.press('ArrowDown');
    await tabTo(page, timeField(3, 1));
    await page.keyboard.press('ArrowUp');
    expect([await valueOf(page, timeField(1, 0)), await valueOf(page, timeField(3, 1))]).toEqual(['09:00', '17:00']);

    // Back to the tabs, which are before the fields.
    await page.evaluate(() => (document.activeElement instanceof HTMLElement ? document.activeElement.blur() : null));
    await page.keyboard.down('Shift');
    await tabTo(page, '[role="tab"][aria-selected="true"]');
    await page.keyboard.up('Shift');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, '[role="tabpanel"]:not([hidden]) .row button:nth-of-type(2)');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.matches('input[type="date"]'));
    await typeDate(page, tuesday?.date ?? '');
    const dates = await page.$$eval('.exception input[type="date"]', (fields) =>
      fields.map((field) => (field instanceof HTMLInputElement ? field.value : '')),
    );
    expect(dates).toEqual([tuesday?.date, tuesday?.date]);
    await tabTo(page, 'form button[type="submit"]');
    await page.keyboard.press('Enter');
    await doctor.sees('What this changes');
    const touched = await page.$$eval('dialog[open] li', (items) => items.map((item) => item.textContent));
    expect(touched.filter((text) => text.includes(patient.account.name))).toHaveLength(1);
    await tabTo(page, 'dialog[open] button[type="submit"]');
    await page.keyboard.press('Enter');
    await doctor.sees('Your hours are saved.');
    await doctor.sees(`Offer ${patient.account.name} another time`);

    const visitor = await cast.visit(stack, stack.account('patient'));
    await visitor.page.emulateTimezone(timeZone);
    const earlier = new Date(Date.parse(monday?.slots[0]?.startsAt ?? '') - HOUR_MS).toISOString();
    const later = new Date(Date.parse(wednesday?.slots.at(-1)?.startsAt ?? '') + SLOT_MS).toISOString();
    await visitor.page.goto(`${stack.url}/doctors/${id}?time=${earlier}`);
    await visitor.page.waitForSelector(`.slot.chosen[data-slot="${earlier}"]`);
    await visitor.page.goto(`${stack.url}/doctors/${id}?time=${later}`);
    await visitor.page.waitForSelector(`.slot.chosen[data-slot="${later}"]`);
    await visitor.sees('Away');
    const onTuesday = tuesday?.slots.map(({ startsAt }) => startsAt) ?? [];
    const shown = await visitor.page.$$eval('[data-slot]', (slots) =>
      slots.map((slot) => slot.getAttribute('data-slot')),
    );
    expect(shown.filter((startsAt) => startsAt !== null && onTuesday.includes(startsAt))).toEqual([]);
  });

  it('a kept time is kept longer for who asks for it, and given up where another tab has chosen another one', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    const { page } = patient;
    await makeClockMovable(page);
    const { id } = await doctorOf(patient);
    await page.goto(`${stack.url}/doctors/${id}`);
    await page.locator('.slot.free').click();
    await page.waitForSelector('.slot.held');
    const keptUntil = (): Promise<string> => page.$eval('.slot.held', (slot) => slot.textContent);
    const before = await keptUntil();
    await putClockAhead(page, 9 * 60_000);
    await patient.sees('Do you need more time?');
    await patient.press('Keep it longer');
    await page.waitForFunction(() => document.querySelector('dialog[open]') === null);
    expect(await keptUntil()).not.toBe(before);

    const first = await page.$eval('.slot.held', (slot) => slot.getAttribute('data-slot') ?? '');
    const tab = await page.browser().newPage();
    await tab.goto(`${stack.url}/doctors/${id}`);
    // What is kept for the person can be chosen by them in any tab.
    await tab.waitForSelector(`.slot.free[data-slot="${first}"]`);
    await tab.locator(`.slot.free:not([data-slot="${first}"])`).click();
    await tab.waitForSelector('.slot.held');
    await page.bringToFront();
    await patient.sees('We let go of this time.');
    await page.waitForSelector(`.slot[data-slot="${first}"]:not(.held)`);
  });
});
