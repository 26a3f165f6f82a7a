import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import { changeHours } from '../support/hours.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

const NOTE = 'Contact dermatitis on both hands';
const REVIEW = 'Listened, explained, helped';

describe('a visit, from the first question to the last word', () => {
  let stack: Stack;
  const cast = Cast.create();
  /** Subjects and addresses of the mails that would have been sent, as the administrator sees them. */
  const seesMail = async (administrator: Person, to: string, subject: string): Promise<void> => {
    await administrator.page.goto(`${stack.url}/admin/outbox`);
    await administrator.page.waitForFunction(
      (address, line) =>
        [...document.querySelectorAll('details summary')].some(
          ({ textContent }) => textContent.includes(address) && textContent.includes(line),
        ),
      {},
      to,
      subject,
    );
  };

  beforeAll(async () => {
    // What is booked lies an hour ahead at least: the door is open early enough not to wait for it.
    stack = await startStack({ HC_JOIN_EARLY_MINUTES: '1440' });
  }, 120_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('find, book, confirm, mail, join, notes, sign, rate (R40-R47)', async () => {
    const patient = await cast.signIn(stack, 'patient');
    const doctor = await cast.signIn(stack, 'doctor', 1);
    const administrator = await cast.signIn(stack, 'administrator');

    // On whichever day this runs, there is a time within hours.
    await changeHours(doctor, (schedule) => ({
      ...schedule,
      workingTimes: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        ...{ weekday, start: '00:00', end: '24:00' },
        ...{ slotMinutes: 15, breakMinutes: 0, modes: ['video'] },
      })),
    }));

    // Find, by what hurts.
    await patient.page.goto(`${stack.url}/doctors`);
    await patient.page.locator('#find-term').fill('skin');
    await patient.sees('1 doctor fits');
    // The last of the three: the first one may become too close while the pages load.
    await patient.page.locator('li:last-child > a.free-time').click();

    // Book.
    await patient.sees('We keep this time for you until');
    await patient.type('What is it about?', 'Itching hands');
    await patient.press('Ask for this time');
    await patient.page.waitForFunction(() => location.pathname.startsWith('/appointments/'));
    const path = new URL(patient.page.url()).pathname;
    const id = path.split('/').at(-1) ?? '';
    await patient.sees('Your request is sent.');
    await seesMail(administrator, doctor.account.email, 'asks');

    // Confirm: the patient sees it without doing anything.
    await doctor.page.goto(`${stack.url}${path}`);
    await doctor.sees('Itching hands');
    await doctor.press('Confirm');
    await doctor.page.locator('dialog[open] textarea').fill('Have your creams at hand.');
    await doctor.page.locator('dialog[open] button[type="submit"]').click();
    await patient.sees('Have your creams at hand.');
    await seesMail(administrator, patient.account.email, 'confirmed');

    // Join, and write beside the video.
    for (const person of [patient, doctor]) {
      await person.page.goto(`${stack.url}/consultation/${id}`);
      await person.join();
    }
    await patient.seesAndHears(1);
    await doctor.seesAndHears(1);
    await doctor.press('Notes');
    await doctor.type('Assessment', NOTE);
    await doctor.sees('Saved');
    await patient.leave('at once');
    await doctor.press('Leave');
    await doctor.press('Leave, others stay');

    // Sign.
    await doctor.page.goto(`${stack.url}${path}/note`);
    await doctor.page.waitForFunction(
      (text) => [...document.querySelectorAll('textarea')].some(({ value }) => value === text),
      {},
      NOTE,
    );
    expect((await patient.request('GET', `/api${path}/note`)).status).toBe(404);
    await doctor.press('Sign');
    await doctor.page.locator('dialog[open] button[type="submit"]').click();
    await doctor.sees('Signed by');

    // Read, and rate.
    await patient.page.goto(`${stack.url}${path}/note`);
    await patient.sees(NOTE);
    await patient.page.goto(`${stack.url}${path}`);
    await patient.sees('How was your visit');
    await patient.page.locator('::-p-aria([name="Very good"][role="radio"])').click();
    await patient.page.locator('::-p-aria([name="In your own words"][role="textbox"])').fill(REVIEW);
    await patient.press('Send rating');
    await patient.sees('Thank you for your rating.');
    await patient.page.goto(`${stack.url}/doctors?term=skin`);
    await patient.page.locator('li h2 a, li h3 a').click();
    await patient.sees(REVIEW);

    // What a doctor's chart shows of it, and who has looked, for the patient.
    await patient.page.goto(`${stack.url}/records/access`);
    await patient.sees(doctor.account.name);
    expect(patient.problems.filter((problem) => !problem.includes('404'))).toEqual([]);
    expect(doctor.problems).toEqual([]);
  });
});
