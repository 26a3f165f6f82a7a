import { randomUUID } from 'node:crypto';
import {
  appointmentSchema,
  doctorEndpoints,
  profileEndpoints,
  scheduleEndpoints,
  type Appointment,
  type Slot,
} from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Album } from '../../support/album.ts';
import { Cast } from '../../support/cast.ts';
import { changeHours } from '../../support/hours.ts';
import { newPatient } from '../../support/new-patient.ts';
import { dropAnswers, goOffline, holdAnswers, restoreAnswers } from '../../support/outage.ts';
import type { Person } from '../../support/person.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const listSchema = z.object({ appointments: z.array(appointmentSchema) });

describe('looks: homes, appointments, records', () => {
  let stack: Stack;
  let album: Album;
  let patient: Person;
  let doctor: Person;
  const cast = Cast.create();

  const looks = (name: string, { page }: Person) => album.look(page, name);
  const open = (person: Person, path: string) => person.page.goto(stack.url + path);
  const dialog = async (person: Person, button: string): Promise<void> => {
    await person.press(button);
    await person.page.waitForSelector('dialog[open]');
  };
  const submit = ({ page }: Person): Promise<void> => page.locator('dialog[open] button[type="submit"]').click();
  const own = async (person: Person): Promise<Appointment[]> =>
    listSchema.parse((await person.request('GET', '/api/appointments/patient')).body).appointments;
  /** A doctor's free times of the next week. */
  const freeAt = async (person: Person, doctorId = ''): Promise<Slot[]> => {
    const from = new Date().toISOString().slice(0, 10);
    const { body } = await person.request('GET', `/api/doctors/${doctorId}/slots?from=${from}&timeZone=UTC`);
    const { days } = doctorEndpoints.slots.response.parse(body);
    return days.flatMap(({ slots }) => slots).filter(({ state }) => state === 'free');
  };
  const address = ({ page }: Person): string => new URL(page.url()).pathname;

  beforeAll(async () => {
    album = await Album.open('appointments');
    stack = await startStack();
    patient = await cast.signIn(stack, 'patient');
    doctor = await cast.signIn(stack, 'doctor', 1);
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it('the homes of patient and doctor, the menu, and what is past', async () => {
    await patient.sees('Your next appointment');
    expect(await looks('home-patient', patient)).toEqual([]);
    await open(patient, '/appointments');
    await patient.sees('Times are in your time zone');
    expect(await looks('appointments', patient)).toEqual([]);
    await patient.page.locator('::-p-text(Past)').click();
    await patient.sees('Done');
    expect(await looks('appointments-past', patient)).toEqual([]);
    await dialog(patient, 'Menu');
    expect(await looks('menu', patient)).toEqual([]);
    await patient.page.keyboard.press('Escape');
  });

  it('a home that is read for long, that is not answered, and one without the internet', async () => {
    const { page } = patient;
    await holdAnswers(page, '/api/appointments');
    await open(patient, '/home');
    await patient.sees('Loading appointments');
    expect(await looks('home-loading', patient)).toEqual([]);
    await restoreAnswers(page);
    await dropAnswers(page, '/api/appointments');
    await open(patient, '/home');
    await patient.sees('Sorry, our service is not working right now.');
    expect(await looks('home-server-down', patient)).toEqual([]);
    await restoreAnswers(page);
    await open(patient, '/home');
    await patient.sees('Your next appointment');
    await goOffline(page);
    await patient.sees('You are offline.');
    expect(await looks('home-offline', patient)).toEqual([]);
    await page.setOfflineMode(false);
  });

  it('a request, another time that is offered for it, and the answer', async () => {
    const { page } = patient;
    await open(patient, '/doctors?term=yilmaz');
    await page.locator('article h2 a').click();
    await page.locator('.slot.free').click();
    await patient.sees('We keep this time for you until');
    await patient.press('Ask for this time');
    await patient.sees('Your request is sent.');
    expect(await looks('appointment-asked', patient)).toEqual([]);
    const asked = address(patient);

    await patient.press('Offer another time');
    await page.waitForSelector('.slot.free');
    expect(await looks('appointment-other-time', patient)).toEqual([]);
    await page.locator('.slot.free').click();
    await patient.press('Offer this time');
    await page.waitForFunction((before) => location.pathname !== before, {}, asked);
    await patient.sees('has to answer first');
    expect(await looks('appointment-proposed', patient)).toEqual([]);
    const offered = address(patient);
    await open(patient, asked);
    await patient.sees('You offered another time');
    expect(await looks('appointment-proposal-open', patient)).toEqual([]);

    await open(doctor, '/home');
    await doctor.sees('wants to move the appointment');
    expect(await looks('home-doctor', doctor)).toEqual([]);
    await doctor.page.setOfflineMode(true);
    await doctor.page.locator('header button:has(.sign)').click();
    await doctor.sees('Check your connection, then try again.');
    expect(await looks('part-not-loaded', doctor)).toEqual([]);
    await doctor.page.setOfflineMode(false);
    await doctor.page.locator('dialog[open] [role="alert"] button').click();
    await doctor.sees('offers you another time');
    expect(await looks('news', doctor)).toEqual([]);
    await open(doctor, offered);
    await dialog(doctor, 'Say no');
    expect(await looks('appointment-decline', doctor)).toEqual([]);
    await doctor.page.locator('dialog[open] textarea').fill('I am away on that day.');
    await submit(doctor);
    await doctor.sees('You said no to this time.');
    expect(await looks('appointment-declined', doctor)).toEqual([]);

    await open(doctor, asked);
    await dialog(doctor, 'Confirm');
    expect(await looks('appointment-confirm', doctor)).toEqual([]);
    await doctor.page.locator('dialog[open] textarea').fill('Have your creams at hand.');
    await open(patient, asked);
    await dialog(patient, 'Take the request back');
    expect(await looks('appointment-cancel', patient)).toEqual([]);
    await patient.page.locator('::-p-aria([name="Another reason"][role="radio"])').click();
    await submit(patient);
    await patient.sees('Type a few words.');
    expect(await looks('appointment-cancel-words', patient)).toEqual([]);
    await patient.page.locator('::-p-aria([name="I would rather not say"][role="radio"])').click();
    await submit(patient);
    await patient.sees('You canceled this appointment.');
    expect(await looks('appointment-cancelled', patient)).toEqual([]);
    await submit(doctor);
    await doctor.sees('so nothing was sent.');
    expect(await looks('appointment-overtaken', doctor)).toEqual([]);
    await open(patient, `/appointments/${'0'.repeat(24)}`);
    await patient.sees('We cannot find this page');
    expect(await looks('appointment-not-found', patient)).toEqual([]);
  });

  it('a visit that is over: a follow-up, and a rating', async () => {
    const rater = await cast.signIn(stack, 'patient', 2);
    // The one that nobody has rated yet.
    const over = (await own(rater)).find(({ reason }) => reason === 'Control of iron');
    const path = `/appointments/${over?.id ?? ''}`;
    const clara = await cast.signIn(stack, 'doctor');
    // Meanwhile the patient has booked elsewhere, at a time that this doctor has free.
    const { schedule } = scheduleEndpoints.own.response.parse((await clara.request('GET', '/api/schedule')).body);
    await changeHours(doctor, (own) => ({ ...own, timeZone: schedule.timeZone, workingTimes: schedule.workingTimes }));
    const other = (await own(patient)).find(({ doctor: { name } }) => name === doctor.account.name);
    const [here, there] = [await freeAt(rater, over?.doctor.id), await freeAt(rater, other?.doctor.id)];
    const both = there.find(({ startsAt }) => here.some((slot) => slot.startsAt === startsAt));
    if (both === undefined) throw new Error('The two have no time in common');
    const { date, startTime, endTime, startsAt } = both;
    const time = { date, startTime, endTime, startsAt };
    const key = { idempotencyKey: randomUUID() };
    const wanted = { doctorId: other?.doctor.id, ...time, mode: 'video', reason: '', ...key };
    expect((await rater.request('POST', '/api/appointments', wanted)).status).toBe(201);
    await open(clara, path);
    await clara.press('Book a follow-up');
    const busy = await clara.page.waitForSelector('.slot.busy');
    expect(await busy?.evaluate((slot) => [slot.getAttribute('data-slot'), slot.textContent])).toEqual([
      startsAt,
      expect.stringContaining('Patient is busy'),
    ]);
    expect(await clara.page.$eval('main', ({ textContent }) => textContent)).not.toContain(doctor.account.name);
    expect(await looks('follow-up', clara)).toEqual([]);
    await open(rater, path);
    await rater.sees('How was your visit');
    expect(await looks('rating', rater)).toEqual([]);
    await rater.page.locator('::-p-aria([name="Very good"][role="radio"])').click();
    await rater.press('Send rating');
    await rater.sees('Thank you for your rating.');
    expect(await looks('rating-given', rater)).toEqual([]);
  });

  it("a patient's record, and who opened it", async () => {
    await open(patient, '/records');
    await patient.page.waitForSelector('main .plain-list');
    expect(await looks('record', patient)).toEqual([]);
    await open(patient, '/records/access');
    await patient.sees('Newest first');
    expect(await looks('record-access', patient)).toEqual([]);
  });

  it('all of it for somebody who has never been here', async () => {
    const administrator = await cast.signIn(stack, 'administrator');
    const fresh = await cast.visit(stack, await newPatient(administrator));
    await fresh.page.goto(`${stack.url}/login`);
    await fresh.type('Email', fresh.account.email);
    await fresh.type('Password', fresh.account.password);
    await fresh.press('Sign in');
    await fresh.sees('You have nothing booked.');
    await fresh.sees('Complete your profile');
    expect(await looks('home-patient-nothing', fresh)).toEqual([]);
    await open(fresh, '/appointments');
    await fresh.sees('You have nothing booked.');
    expect(await looks('appointments-none', fresh)).toEqual([]);
    await fresh.page.locator('::-p-text(Past)').click();
    await fresh.sees('You have no past appointments.');
    expect(await looks('appointments-none-past', fresh)).toEqual([]);
    await open(fresh, '/records');
    await fresh.sees('You have had no visits yet.');
    expect(await looks('record-nothing', fresh)).toEqual([]);
  });

  it('the home of a doctor about whom patients can read nothing yet', async () => {
    const { method, path } = profileEndpoints.save;
    expect((await doctor.request(method, path, { change: { role: 'doctor', about: '' } })).status).toBe(200);
    await open(doctor, '/home');
    await doctor.sees('Filled in: 2 of 3 parts. Still open: What patients read about you.');
    expect(await looks('home-doctor-unfinished', doctor)).toEqual([]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
