import { join } from 'node:path';
import { appointmentSchema, profileEndpoints, visitNoteEndpoints, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Album } from '../../support/album.ts';
import { Cast } from '../../support/cast.ts';
import { changeHours } from '../../support/hours.ts';
import { moveVisit } from '../../support/move-visit.ts';
import { dropAnswers, restoreAnswers } from '../../support/outage.ts';
import type { Person } from '../../support/person.ts';
import { startStack, type Stack } from '../../support/stack.ts';
import { storeZone } from '../../support/stored-zone.ts';
import { forgetAllergies } from '../../support/unasked-allergies.ts';

const listSchema = z.object({ appointments: z.array(appointmentSchema) });
const PAPER = join(import.meta.dirname, '..', '..', 'output', 'note-paper.png');

describe("looks: a doctor's hours, patients and notes", () => {
  let stack: Stack;
  let album: Album;
  let doctor: Person;
  const cast = Cast.create();

  const looks = (name: string, { page } = doctor) => album.look(page, name);
  const open = (path: string, { page } = doctor) => page.goto(stack.url + path);
  const submit = ({ page } = doctor): Promise<void> => page.locator('dialog[open] button[type="submit"]').click();
  const tab = (name: string): Promise<void> => doctor.page.locator(`::-p-aria([name="${name}"][role="tab"])`).click();
  const openHours = async (): Promise<void> => {
    await open('/schedule');
    await doctor.sees('when the clocks change');
    // Phones show one day: the first one of the working week.
    await doctor.page.select('#schedule-day', '1');
  };
  const own = async (person: Person): Promise<Appointment[]> =>
    listSchema.parse((await person.request('GET', '/api/appointments/patient')).body).appointments;

  beforeAll(async () => {
    album = await Album.open('practice');
    stack = await startStack();
    doctor = await cast.signIn(stack, 'doctor', 1);
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it('the week, with a day on which the doctor only chats, what patients will see, and copying a day', async () => {
    await openHours();
    expect(await looks('hours')).toEqual([]);
    await doctor.page.select('section[aria-labelledby="day-1"] select[id$="-mode"]', 'chat');
    await doctor.sees('You have changes that are not saved yet.');
    expect(await looks('hours-chat-only')).toEqual([]);
    await tab('Preview');
    await doctor.sees('while nothing is booked');
    await doctor.page.waitForSelector('.preview .mode');
    expect(await looks('hours-preview')).toEqual([]);
    await tab('Week');
    await doctor.press('Copy Monday to ...');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks('hours-copy')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
    await doctor.page.locator('nav a[href="/patients"]').click();
    await doctor.sees('Leave without saving?');
    expect(await looks('hours-leave')).toEqual([]);
    await doctor.press('Stay here');
    await doctor.press('Undo my changes');
  });

  it('hours of a day that overlap', async () => {
    await openHours();
    await doctor.press('Add hours on Monday');
    const second = 'section[aria-labelledby="day-1"] .hours:nth-of-type(2)';
    await doctor.page.locator(`${second} input[id$="-start"]`).fill('11:00');
    await doctor.page.locator(`${second} input[id$="-end"]`).fill('12:00');
    await doctor.press('Save hours');
    await doctor.sees('Please look at this');
    expect(await looks('hours-overlap')).toEqual([]);
    await doctor.press('Undo my changes');
  });

  it('exceptions, what is wrong with them, and the effect of a change', async () => {
    await openHours();
    await tab('Exceptions');
    await doctor.press('Add extra hours');
    await doctor.press('Add vacation');
    await doctor.press('Save hours');
    await doctor.sees('Please look at this');
    expect(await looks('hours-wrong')).toEqual([]);
    await doctor.press('Undo my changes');
    await doctor.press('Add vacation');
    await doctor.press('Save hours');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks('hours-effect')).toEqual([]);
    await doctor.press('Go on editing');
    await doctor.press('Undo my changes');
  });

  it('hours that leave out who has booked, and hours that were changed elsewhere', async () => {
    const patient = await cast.signIn(stack, 'patient', 1);
    await open('/doctors?term=yilmaz', patient);
    await patient.page.locator('article h2 a').click();
    await patient.page.locator('.slot.free').click();
    await patient.sees('We keep this time for you until');
    await patient.press('Ask for this time');
    await patient.sees('Your request is sent.');

    await openHours();
    for (const day of ['Monday', 'Tuesday', 'Wednesday', 'Thursday']) {
      await doctor.page.$eval(`button[aria-label="Remove ${day}, hours 1"]`, (button) => {
        if (button instanceof HTMLElement) button.click();
      });
    }
    await doctor.press('Save hours');
    await doctor.sees('It stays booked as it is.');
    expect(await looks('hours-affected')).toEqual([]);
    await doctor.press('Save and keep it');
    await doctor.sees('This appointment is outside of them and stays booked');
    expect(await looks('hours-saved-affected')).toEqual([]);

    // What has been said lies over the buttons below it.
    await doctor.press('Dismiss');
    await doctor.press('Add hours on Sunday');
    await doctor.press('Save hours');
    await doctor.page.waitForSelector('dialog[open] form');
    await changeHours(doctor, (schedule) => ({ ...schedule, minimumNoticeMinutes: 120 }));
    await submit();
    await doctor.sees('Your hours were changed in another window.');
    expect(await looks('hours-conflict')).toEqual([]);
    await doctor.press('Show the others');
  });

  it('a server that does not answer, for hours and lists', async () => {
    const { page } = doctor;
    for (const [screen, path, asked] of [
      ['hours-server-down', '/schedule', '/api/schedule'],
      ['week-server-down', '/week', '/api/appointments'],
      ['patients-server-down', '/patients', '/api/patients'],
    ] as const) {
      await dropAnswers(page, asked);
      await open(path);
      await doctor.sees('Sorry, our service is not working right now.');
      expect(await looks(screen)).toEqual([]);
      await restoreAnswers(page);
    }
  });

  it("a doctor's week, patients and charts", async () => {
    const clara = await cast.signIn(stack, 'doctor');
    await open('/week', clara);
    await clara.page.waitForSelector('h2');
    expect(await looks('week', clara)).toEqual([]);
    await open('/patients', clara);
    await clara.sees('Last visit');
    expect(await looks('patients', clara)).toEqual([]);
    await clara.page.locator('a[href^="/patients/"]').click();
    await clara.sees('Allergies');
    await clara.page.waitForSelector('a[href$="/note"]');
    expect(await looks('chart', clara)).toEqual([]);
    const chart = new URL(clara.page.url()).pathname;
    const { method, path: profile } = profileEndpoints.save;
    const whose = (await clara.page.$eval('h1', (heading) => heading.textContent)).trim();
    const index = [0, 1, 2].find((each) => stack.account('patient', each).name === whose);
    const seen = await cast.signIn(stack, 'patient', index);
    for (const [allergies, words, name] of [
      [null, 'not asked yet', 'chart-unasked'],
      [[], 'The patient was asked.', 'chart-no-allergies'],
    ] as const) {
      if (allergies === null) await forgetAllergies(stack, seen.account.email);
      else expect((await seen.request(method, profile, { change: { role: 'patient', allergies } })).status).toBe(200);
      await open(chart, clara);
      await clara.sees(words);
      await clara.page.waitForSelector('a[href$="/note"]');
      expect(await looks(name, clara)).toEqual([]);
    }

    const newcomer = await cast.signIn(stack, 'doctor', 3);
    await open('/patients', newcomer);
    await newcomer.sees('You have not seen anybody yet.');
    expect(await looks('patients-none', newcomer)).toEqual([]);
    await open(chart, newcomer);
    await newcomer.sees('Details for the help desk');
    expect(await looks('chart-forbidden', newcomer)).toEqual([]);
  });

  it('notes: written, not saved, changed elsewhere, signed, added to, and read', async () => {
    const [clara, patient] = [await cast.signIn(stack, 'doctor'), await cast.signIn(stack, 'patient', 2)];
    const visits = (await own(patient)).filter(({ doctor: { name } }) => name === clara.account.name);
    const visit = visits.find(({ reason }) => reason === 'Control of iron');
    const path = `/appointments/${visit?.id ?? ''}/note`;
    const { page } = clara;
    await open(path, patient);
    await patient.sees('There are no notes for you here');
    expect(await looks('note-not-yet', patient)).toEqual([]);

    await open(path, clara);
    await clara.type('Assessment', 'Iron is back to normal.');
    await page.waitForSelector('[data-note-state="saved"]');
    expect(await looks('note', clara)).toEqual([]);
    await page.setOfflineMode(true);
    await clara.type('Plan', 'No more tablets.');
    await page.waitForSelector('[data-note-state="unsaved"]');
    expect(await looks('note-unsaved', clara)).toEqual([]);
    const devTools = await page.createCDPSession();
    await devTools.send('Network.enable');
    await devTools.send('Network.setBlockedURLs', { urls: ['*/note'] });
    await page.setOfflineMode(false);
    await clara.press('Menu');
    await clara.press('Sign out');
    await clara.sees('Your notes are not saved yet');
    expect(await looks('note-sign-out', clara)).toEqual([]);
    await clara.press('Stay here');
    // The menu is still open below it.
    await page.keyboard.press('Escape');

    const { read, save } = visitNoteEndpoints;
    const elsewhere = await cast.signIn(stack, 'doctor');
    const api = `/api${path}`;
    const { note } = read.response.parse((await elsewhere.request(read.method, api)).body);
    const content = { ...note.content, plan: 'One more tablet a week.' };
    const saved = await elsewhere.request(save.method, api, { content, shared: true, version: note.version });
    expect(saved.status).toBe(save.status);
    // It is sent by itself once the connection is back.
    await devTools.detach();
    await page.evaluate(() => dispatchEvent(new Event('online')));
    await page.waitForSelector('[data-note-state="conflict"]');
    await clara.press('Look at both');
    expect(await looks('note-conflict', clara)).toEqual([]);
    await clara.press('Put both together');
    await page.waitForSelector('[data-note-state="saved"]');

    await clara.press('Sign');
    await page.waitForSelector('dialog[open]');
    expect(await looks('note-sign', clara)).toEqual([]);
    await submit(clara);
    await clara.sees('Signed by');
    expect(await looks('note-signed', clara)).toEqual([]);
    await clara.press('Dismiss');
    await page.locator('section[aria-labelledby="amend-title"] button[type="submit"]').click();
    await clara.sees('Write what to add.');
    expect(await looks('note-amend', clara)).toEqual([]);

    await open(path, patient);
    await patient.sees('Iron is back to normal.');
    expect(await looks('note-read', patient)).toEqual([]);
    await patient.page.emulateMediaType('print');
    await patient.page.waitForSelector('.page-header', { hidden: true });
    await patient.page.waitForSelector('::-p-aria([name="Print"][role="button"])', { hidden: true });
    await patient.sees('Iron is back to normal.');
    await patient.sees(clara.account.name);
    await patient.page.screenshot({ path: PAPER });
  });

  it('hours whose zone was stored by a name that means several places', async () => {
    await storeZone(stack, doctor.account.email, 'IST');
    await open('/');
    await doctor.sees('Patients cannot book your hours at the moment');
    expect(await looks('home-no-zone')).toEqual([]);
    await doctor.page.locator('main a[href="/schedule"]').click();
    await doctor.sees('which means several places');
    await doctor.press('Save hours');
    await doctor.sees('Please look at this');
    expect(await looks('hours-no-zone')).toEqual([]);
    await doctor.page.select('#schedule-zone', 'Europe/Istanbul');
    await doctor.press('Save hours');
    await doctor.page.waitForSelector('dialog[open]');
    await submit();
    // The page behind it takes no click before it is closed.
    await doctor.page.waitForSelector('dialog[open]', { hidden: true });
    await doctor.sees('Times are in the time zone of Istanbul');
    const asked = doctor.page.waitForResponse((answer) => new URL(answer.url()).pathname === '/api/schedule');
    await doctor.page.locator('nav a[href="/home"]').click();
    await asked;
    await doctor.sees('Today');
    expect(await doctor.page.$('main a[href="/schedule"]')).toBeNull();
  });

  it('notes whose appointment was moved meanwhile, and those of one that was cancelled', async () => {
    const [clara, patient] = [await cast.signIn(stack, 'doctor'), await cast.signIn(stack, 'patient')];
    const id = await clara.openConsultation();
    await open(`/appointments/${id}/note`, clara);
    await clara.type('Assessment', 'Tension headache.');
    await clara.page.waitForSelector('[data-note-state="saved"]');
    const movedTo = await moveVisit(clara, patient, id);
    // She is told before she goes on, in one place.
    await clara.sees('This appointment was moved');
    await clara.type('Plan', 'Rest.');
    expect(await clara.page.$$('.toast')).toEqual([]);
    expect(await looks('note-moved', clara)).toEqual([]);

    await clara.press('Go on at the new time');
    await clara.page.waitForFunction((there) => location.pathname.includes(there), {}, movedTo);
    await clara.page.waitForSelector('[data-note-state="saved"]');
    const { body } = await clara.request('GET', `/api/appointments/${movedTo}`);
    const { version } = z.object({ appointment: appointmentSchema }).parse(body).appointment;
    const cancelled = await clara.request('POST', `/api/appointments/${movedTo}/cancel`, { version, reason: 'Ill' });
    expect(cancelled.status).toBe(200);
    await clara.type('Findings', 'None.');
    await clara.sees('it takes no more notes');
    expect(await looks('note-refused', clara)).toEqual([]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
