import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Album } from '../../support/album.ts';
import { Cast } from '../../support/cast.ts';
import { makeClockMovable, putClockAhead } from '../../support/device-clock.ts';
import { changeHours } from '../../support/hours.ts';
import { dropAnswers, goOffline, holdAnswers, restoreAnswers } from '../../support/outage.ts';
import type { Person } from '../../support/person.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('looks: finding a doctor and booking', () => {
  let stack: Stack;
  let album: Album;
  let visitor: Person;
  let patient: Person;
  const cast = Cast.create();

  const looks = (name: string, { page } = visitor) => album.look(page, name);
  const openDoctor = async ({ page }: Person, term: string): Promise<void> => {
    await page.goto(`${stack.url}/doctors?term=${term}`);
    await page.locator('article h2 a').click();
    await page.waitForSelector('.slot');
  };

  beforeAll(async () => {
    album = await Album.open('booking');
    stack = await startStack();
    visitor = await cast.visit(stack, stack.account('patient'));
    patient = await cast.signIn(stack, 'patient');
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it('the list, its filters, and nobody who fits', async () => {
    const { page } = visitor;
    await page.goto(`${stack.url}/doctors?language=English`);
    await page.waitForSelector('article');
    expect(await looks('doctors')).toEqual([]);
    await page.setViewport({ width: 360, height: 640 });
    await visitor.press('Filter: 1 on');
    await page.waitForSelector('dialog[open]');
    expect(await looks('doctors-filter')).toEqual([]);
    await page.goto(`${stack.url}/doctors?term=nothing&mode=chat`);
    await page.waitForSelector('::-p-aria([name="Without “nothing”: 4 doctors"][role="button"])');
    expect(await looks('doctors-none')).toEqual([]);
  });

  it('the list while it is read, and without the internet', async () => {
    const { page } = visitor;
    await holdAnswers(page, '/api/doctors');
    await page.goto(`${stack.url}/doctors`);
    await visitor.sees('Loading doctors');
    expect(await looks('doctors-loading')).toEqual([]);
    await restoreAnswers(page);
    await dropAnswers(page, '/api/doctors');
    await page.goto(`${stack.url}/doctors`);
    await visitor.sees('Sorry, our service is not working right now.');
    expect(await looks('doctors-server-down')).toEqual([]);
    await restoreAnswers(page);
    await page.goto(`${stack.url}/doctors`);
    await page.waitForSelector('article');
    await goOffline(page);
    await page.type('#find-term', 'skin');
    await visitor.sees('You are offline.');
    await page.waitForSelector('article .times', { hidden: true });
    expect(await looks('doctors-offline')).toEqual([]);
    await page.setOfflineMode(false);
  });

  it('the times of a doctor, for a visitor and for who cannot book', async () => {
    const { page } = visitor;
    await openDoctor(visitor, 'hoffmann');
    expect(await looks('doctor')).toEqual([]);
    await page.locator('.slot.free').click();
    await visitor.sees('Sign in to go on.');
    expect(await looks('doctor-chosen')).toEqual([]);
    await visitor.press('Change time zone');
    await page.select('dialog select', 'Australia/Eucla');
    expect(await looks('doctor-zone')).toEqual([]);
    await visitor.press('Show times');
    await visitor.sees('Times are shown for Eucla');
    await page.waitForSelector('.slot');
    expect(await looks('doctor-other-zone')).toEqual([]);
    await visitor.press('Back to my zone');
    await page.goto(`${stack.url}/doctors/${'0'.repeat(24)}`);
    await visitor.sees('We cannot find this page');
    expect(await looks('doctor-not-found')).toEqual([]);
  });

  it('a week without times, and hours in which the doctor only chats', async () => {
    const doctor = await cast.signIn(stack, 'doctor', 3);
    const day = (days: number): string => new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);
    const away = { kind: 'vacation', from: day(-1), to: day(20), hours: null, note: '' } as const;
    await changeHours(doctor, (schedule) => ({
      ...schedule,
      exceptions: [away],
      workingTimes: schedule.workingTimes.map((hours) => ({ ...hours, modes: ['chat'] })),
    }));
    await openDoctor(doctor, 'rivera');
    await doctor.sees('Only patients can book here. You are signed in as a doctor.');
    expect(await looks('doctor-patients-only', doctor)).toEqual([]);
    await doctor.press('Previous week');
    await doctor.press('Previous week');
    await doctor.sees('There is no free time in this week.');
    expect(await looks('doctor-closed-week', doctor)).toEqual([]);

    const other = await cast.signIn(stack, 'doctor', 2);
    await changeHours(other, (schedule) => ({
      ...schedule,
      workingTimes: schedule.workingTimes.map((hours) => ({
        ...hours,
        modes: hours.start < '12:00' ? ['chat'] : ['video', 'chat'],
      })),
    }));
    await openDoctor(patient, 'okafor');
    await patient.sees('Chat only');
    expect(await looks('doctor-chat-only', patient)).toEqual([]);
  });

  it('a time that is kept, that will not be kept much longer, that was let go of, and that somebody else has', async () => {
    const { page } = patient;
    await makeClockMovable(page);
    await openDoctor(patient, 'yilmaz');
    await page.locator('.slot.free').click();
    await patient.sees('We keep this time for you until');
    expect(await looks('doctor-held', patient)).toEqual([]);
    const other = await cast.signIn(stack, 'patient', 2);
    await other.page.goto(page.url());
    await other.sees('Someone just took this time.');
    expect(await looks('doctor-taken', other)).toEqual([]);

    await putClockAhead(page, 9 * MINUTE_MS);
    await patient.sees('Do you need more time?');
    expect(await looks('doctor-hold-ending', patient)).toEqual([]);
    await putClockAhead(page, 11 * MINUTE_MS);
    await patient.sees('We let go of this time.');
    expect(await looks('doctor-hold-ended', patient)).toEqual([]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
