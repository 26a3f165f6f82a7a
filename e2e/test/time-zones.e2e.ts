import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Cast } from '../support/cast.ts';
import { changeHours } from '../support/hours.ts';
import { startStack, type Stack } from '../support/stack.ts';

const NEW_YORK = 'America/New_York';
const AUCKLAND = 'Pacific/Auckland';
const appointmentSchema = z.object({
  appointment: z.object({ id: z.string(), startsAt: z.string(), date: z.string(), startTime: z.string() }),
});

const outboxSchema = z.object({
  mails: z.array(z.object({ to: z.string(), subject: z.string(), text: z.string() })),
});

/** The Sunday of next spring on which clocks in New York are set forward at 2 o'clock: the second one of March. */
function springForward(now: Date): Date {
  const ofYear = (year: number): Date => {
    const first = new Date(Date.UTC(year, 2, 1));
    return new Date(Date.UTC(year, 2, 8 + ((7 - first.getUTCDay()) % 7)));
  };
  const thisYear = ofYear(now.getUTCFullYear());
  return thisYear > now ? thisYear : ofYear(now.getUTCFullYear() + 1);
}

/** 8:30 in New York so many days after that Sunday, as an instant: UTC-5 before it, UTC-4 from then on. */
function halfPastEight(sunday: Date, days: number): Date {
  const offsetHours = days < 0 ? 5 : 4;
  return new Date(sunday.getTime() + days * 86_400_000 + (8.5 + offsetHours) * 3_600_000);
}

describe('a patient in Auckland with a doctor in New York', () => {
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

  it('looks in another zone for this visit: cards, times and summary agree, and the own time is told', async () => {
    const patient = await cast.visit(stack, stack.account('patient'));
    const { page } = patient;
    await page.emulateTimezone(AUCKLAND);
    await page.goto(`${stack.url}/doctors?term=okafor`);
    await page.locator('article h2 a').click();
    const first = await page.waitForSelector('.slot.free');
    const startsAt = (await first?.evaluate((button) => button.getAttribute('data-slot'))) ?? '';
    await first?.click();
    await patient.sees('Sign in to go on.');
    const clock = (zone: string): string =>
      new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone: zone })
        .format(new Date(startsAt))
        // Browser and server may use other spaces.
        .replace(/\s/u, ' ');
    const words = (selector: string): Promise<string> =>
      page.$eval(selector, (element) => element.textContent.replaceAll(/\s+/gu, ' '));
    expect(await words('#booking')).toContain(clock(AUCKLAND));

    await patient.press('Change time zone');
    await page.select('dialog select', 'Australia/Eucla');
    await patient.press('Show times');
    await page.waitForFunction(
      (selector, time) => document.querySelector(selector)?.textContent.replaceAll(/\s+/gu, ' ').includes(time),
      {},
      `.slot[data-slot="${startsAt}"]`,
      clock('Australia/Eucla'),
    );
    expect(await words('#booking')).toContain(`${clock('Australia/Eucla')} in Eucla`);
    expect(await words('#booking')).toMatch(new RegExp(`In your own time zone: .*${clock(AUCKLAND)}`));
    // It holds on the way back to the list, and is gone from the next page once the person went back to their own.
    await page.goto(`${stack.url}/doctors?term=okafor`);
    await patient.sees('Times are shown for Eucla, not for your own time zone (Auckland).');
    await patient.press('Back to my zone');
    await page.waitForFunction(() => !document.body.textContent.includes('Eucla'));
    await page.reload();
    await page.waitForSelector('article');
    expect(await words('main')).not.toContain('Eucla');
  });

  it('sees, books and keeps the right times on both sides of a change of the clocks', async () => {
    const sunday = springForward(new Date());
    const [friday, monday] = [halfPastEight(sunday, -2), halfPastEight(sunday, 1)];
    const doctor = await cast.signIn(stack, 'doctor', 2);
    await changeHours(doctor, (schedule) => {
      expect(schedule.timeZone).toBe(NEW_YORK);
      return { ...schedule, furthestDays: 365, confirmation: 'automatic' };
    });

    const patient = await cast.visit(stack, stack.account('patient'));
    await patient.page.emulateTimezone(AUCKLAND);
    const doctors = z.object({ doctors: z.array(z.object({ id: z.string(), name: z.string() })) });
    await patient.page.goto(`${stack.url}/doctors`);
    const { body } = await patient.request('GET', '/api/doctors?term=okafor');
    const [found] = doctors.parse(body).doctors;
    expect(found?.name).toBe(doctor.account.name);
    const path = `/doctors/${found?.id ?? ''}`;

    const timeOf = async (startsAt: Date): Promise<string> => {
      await patient.page.goto(`${stack.url}${path}?time=${startsAt.toISOString()}`);
      const slot = await patient.page.waitForSelector(`[data-slot="${startsAt.toISOString()}"]`);
      return (await slot?.evaluate((button) => button.textContent)) ?? '';
    };
    // The same wall time in New York is an hour earlier in Auckland once New York has changed its clocks.
    expect(await timeOf(friday)).toContain('2:30');
    await patient.sees('The clocks change on');
    await patient.sees('New York');
    expect(await timeOf(monday)).toContain('1:30');

    await patient.page.goto(`${stack.url}/login?next=${encodeURIComponent(`${path}?time=${monday.toISOString()}`)}`);
    await patient.type('Email', patient.account.email);
    await patient.type('Password', patient.account.password);
    await patient.press('Sign in');
    await patient.sees('We keep this time for you until');
    await patient.type('What is it about?', 'Heart that skips a beat');
    await patient.press('Book this time');
    await patient.page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
    const id = new URL(patient.page.url()).pathname.split('/').at(-1) ?? '';
    const booked = appointmentSchema.parse((await patient.request('GET', `/api/appointments/${id}`)).body);
    expect(booked.appointment).toEqual({
      id,
      startsAt: monday.toISOString(),
      date: new Date(sunday.getTime() + 86_400_000).toISOString().slice(0, 10),
      startTime: '08:30',
    });
    await patient.sees('1:30');
    // The mail tells it in both zones: nobody typed where the patient is, their browser has told it.
    const administrator = await cast.signIn(stack, 'administrator');
    const { mails } = outboxSchema.parse((await administrator.request('GET', '/api/admin/outbox')).body);
    const mail = mails.find(({ to, subject }) => to === patient.account.email && subject.includes('booked'));
    expect(mail?.text).toMatch(/8:30 to .*New York time[^]*In your time zone: .*1:30 to .*Auckland time/);

    await doctor.page.emulateTimezone(NEW_YORK);
    await doctor.page.goto(`${stack.url}/appointments/${id}`);
    await doctor.sees('8:30');
    await doctor.sees('Heart that skips a beat');
  });
});
