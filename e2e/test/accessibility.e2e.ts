import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { appointmentSchema, type DemoAccount } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { launchClient, type Client } from '../support/browser.ts';
import { Person } from '../support/person.ts';
import { inspect, LOOKS } from '../support/screens.ts';
import { startStack, type Stack } from '../support/stack.ts';

const listSchema = z.object({ appointments: z.array(appointmentSchema) });
const pictures = join(import.meta.dirname, '..', 'output');

describe('every screen, on phone and desktop, light and dark (WCAG 2.2 AA)', () => {
  let stack: Stack;
  let visitor: Client;
  let doctor: Person;

  beforeAll(async () => {
    stack = await startStack();
    await mkdir(pictures, { recursive: true });
    visitor = await launchClient();
    doctor = await signIn('doctor');
  }, 180_000);
  afterAll(async () => {
    await Promise.all([visitor.close(), doctor.close()]);
    await stack.stop();
  });

  const signIn = (role: DemoAccount['role'], index = 0): Promise<Person> =>
    Person.signIn(stack, stack.account(role, index));

  const looks = async (page: Client['page'], name: string): Promise<string[]> => {
    const problems: string[] = [];
    for (const look of LOOKS) {
      problems.push(...(await inspect(page, look)));
      await page.screenshot({ path: join(pictures, `${name}-${look.name}.png`) });
    }
    return problems;
  };

  it.each([
    ['welcome', '/', 'See your doctor by video'],
    ['sign-in', '/login', 'Sign in'],
    ['help', '/help', 'Help'],
    ['sign-up', '/signup', 'Make an account'],
    ['forgotten', '/forgot', 'Set a new password'],
    ['link-ended', '/verify', 'This link has ended'],
    ['reset', `/reset#token=${'a'.repeat(43)}`, 'Choose a new password'],
    ['invitation-ended', '/invitation', 'This link has ended'],
    ['not-found', '/no/such/page', 'We cannot find this page'],
  ])('%s', async (name, path, heading) => {
    await visitor.page.goto(stack.url + path);
    await visitor.page.waitForSelector(`::-p-aria([name="${heading}"][role="heading"])`);
    expect(await looks(visitor.page, name)).toEqual([]);
  });

  it('sign-in that was refused', async () => {
    await visitor.page.goto(`${stack.url}/login`);
    await visitor.page.locator('::-p-aria([name="Email"])').fill('nobody@hospital.example');
    await visitor.page.locator('::-p-aria([name="Password"])').fill('not the password');
    await visitor.page.locator('::-p-aria([name="Sign in"][role="button"])').click();
    await visitor.page.waitForSelector('::-p-text(This email and password do not match)');
    expect(await looks(visitor.page, 'sign-in-refused')).toEqual([]);
  });

  it('finding a doctor: the list, its filters, nobody who fits, and the times of one', async () => {
    const { page } = visitor;
    await page.goto(`${stack.url}/doctors?language=English`);
    await page.waitForSelector('article');
    expect(await looks(page, 'doctors')).toEqual([]);
    await page.setViewport({ width: 360, height: 640 });
    await page.locator('::-p-aria([name="Filter: 1 on"][role="button"])').click();
    await page.waitForSelector('dialog[open]');
    expect(await looks(page, 'doctors-filter')).toEqual([]);
    await page.goto(`${stack.url}/doctors?term=nothing&mode=chat`);
    await page.waitForSelector('::-p-aria([name="Without “nothing”: 4 doctors"][role="button"])');
    expect(await looks(page, 'doctors-none')).toEqual([]);
    await page.goto(`${stack.url}/doctors?term=hoffmann`);
    await page.locator('article h2 a').click();
    await page.waitForSelector('.slot.taken, .slot.free');
    expect(await looks(page, 'doctor')).toEqual([]);
    await page.locator('.slot.free').click();
    await page.waitForSelector('::-p-text(Sign in to go on.)');
    expect(await looks(page, 'doctor-chosen')).toEqual([]);
    await page.goto(`${stack.url}/doctors/${'0'.repeat(24)}`);
    await page.waitForSelector('::-p-text(We cannot find this page)');
    expect(await looks(page, 'doctor-not-found')).toEqual([]);
  });

  it("a patient's home, booking, and the page of an appointment with what can be done there", async () => {
    const patient = await signIn('patient');
    const { page } = patient;
    await patient.sees('Your next appointment');
    expect(await looks(page, 'home-patient')).toEqual([]);
    await page.goto(`${stack.url}/doctors?term=yilmaz`);
    await page.locator('article h2 a').click();
    await page.locator('.slot.free').click();
    await patient.sees('We keep this time for you until');
    expect(await looks(page, 'doctor-held')).toEqual([]);
    const address = page.url();
    const other = await signIn('patient', 2);
    await other.page.goto(address);
    await other.sees('Someone just took this time.');
    expect(await looks(other.page, 'doctor-taken')).toEqual([]);
    await other.close();
    await patient.press('Ask for this time');
    await patient.sees('Your request is sent.');
    expect(await looks(page, 'appointment-asked')).toEqual([]);
    await patient.press('Offer another time');
    await page.waitForSelector('.slot.free');
    expect(await looks(page, 'appointment-other-time')).toEqual([]);
    await patient.press('Cancel');
    await patient.press('Take the request back');
    await page.waitForSelector('dialog[open]');
    expect(await looks(page, 'appointment-cancel')).toEqual([]);
    await page.locator('dialog[open] button[type="submit"]').click();
    await patient.sees('You cancelled this appointment.');
    expect(await looks(page, 'appointment-cancelled')).toEqual([]);
    await patient.close();
  });

  it('appointments, coming and past, and the menu', async () => {
    expect(await looks(doctor.page, 'home-doctor')).toEqual([]);
    await doctor.page.goto(`${stack.url}/appointments`);
    await doctor.sees('Times are in your time zone');
    expect(await looks(doctor.page, 'appointments')).toEqual([]);
    await doctor.page.locator('::-p-text(Past)').click();
    await doctor.sees('Done');
    expect(await looks(doctor.page, 'appointments-past')).toEqual([]);
    await doctor.press('Menu');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'menu')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
  });

  it('sign-up that misses something', async () => {
    await visitor.page.goto(`${stack.url}/signup`);
    await visitor.page.locator('::-p-aria([name="Password"][role="textbox"])').fill('qwertyuiop12');
    await visitor.page.locator('::-p-aria([name="Make my account"][role="button"])').click();
    await visitor.page.waitForSelector('::-p-text(Please look at this)');
    expect(await looks(visitor.page, 'sign-up-missing')).toEqual([]);
  });

  it('settings: profile, security with its second step, display', async () => {
    await doctor.page.goto(`${stack.url}/settings/profile`);
    await doctor.sees('Your work');
    expect(await looks(doctor.page, 'profile')).toEqual([]);
    await doctor.page.goto(`${stack.url}/settings/security`);
    await doctor.sees('This device');
    expect(await looks(doctor.page, 'security')).toEqual([]);
    await doctor.press('Set up the second step');
    await doctor.type('Current password', doctor.account.password);
    await doctor.press('Next');
    await doctor.page.waitForSelector('dialog[open] img');
    expect(await looks(doctor.page, 'second-step')).toEqual([]);
    await doctor.page.goto(`${stack.url}/settings/display`);
    await doctor.sees('These choices stay on this device.');
    expect(await looks(doctor.page, 'display')).toEqual([]);
  });

  it('news and reminders', async () => {
    await doctor.page.goto(`${stack.url}/settings/notifications`);
    await doctor.sees('10 minutes before');
    expect(await looks(doctor.page, 'reminders')).toEqual([]);
    await doctor.press('News');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'news')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
  });

  it("a doctor's hours: week, exceptions, preview, what is wrong, and the effect of a change", async () => {
    await doctor.page.goto(`${stack.url}/schedule`);
    await doctor.sees('when the clocks change');
    expect(await looks(doctor.page, 'hours')).toEqual([]);
    await doctor.page.locator('::-p-aria([name="Preview"][role="tab"])').click();
    await doctor.sees('while nothing is booked');
    expect(await looks(doctor.page, 'hours-preview')).toEqual([]);
    await doctor.page.locator('::-p-aria([name="Exceptions"][role="tab"])').click();
    await doctor.press('Add extra hours');
    await doctor.press('Add vacation');
    await doctor.press('Save hours');
    await doctor.sees('Please look at this');
    expect(await looks(doctor.page, 'hours-wrong')).toEqual([]);
    await doctor.press('Undo my changes');
    await doctor.press('Add vacation');
    await doctor.press('Save hours');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'hours-effect')).toEqual([]);
    await doctor.press('Go on editing');
    await doctor.press('Undo my changes');
  });

  it("a doctor's week, patients, a chart and a note", async () => {
    await doctor.page.goto(`${stack.url}/week`);
    await doctor.page.waitForSelector('h2');
    expect(await looks(doctor.page, 'week')).toEqual([]);
    await doctor.page.goto(`${stack.url}/patients`);
    await doctor.sees('Last visit');
    expect(await looks(doctor.page, 'patients')).toEqual([]);
    await doctor.page.locator('a[href^="/patients/"]').click();
    await doctor.sees('Allergies');
    await doctor.page.waitForSelector('a[href$="/note"]');
    expect(await looks(doctor.page, 'chart')).toEqual([]);
    await doctor.page.locator('main a[href$="/note"]').click();
    await doctor.page.waitForSelector('textarea');
    expect(await looks(doctor.page, 'note')).toEqual([]);
  });

  it('what is said of a visit: confirming, declining, signing, the signed note on screen and paper, and a rating', async () => {
    const patient = await signIn('patient', 2);
    const { page } = doctor;
    const dialog = async (button: string, name: string): Promise<void> => {
      await doctor.press(button);
      await page.waitForSelector('dialog[open]');
      expect(await looks(page, name)).toEqual([]);
    };
    const asked = listSchema.parse((await patient.request('GET', '/api/appointments/patient')).body).appointments;
    const own = asked.filter(({ doctor: { name } }) => name === doctor.account.name);
    const [request] = own.filter(({ status }) => status === 'pending');
    const [unsigned] = own.filter(({ status, note }) => status === 'completed' && note !== 'signed');
    await page.goto(`${stack.url}/appointments/${request?.id ?? ''}`);
    await dialog('Confirm', 'appointment-confirm');
    await page.keyboard.press('Escape');
    await dialog('Say no', 'appointment-decline');
    await page.keyboard.press('Escape');

    const path = `/appointments/${unsigned?.id ?? ''}`;
    await page.goto(`${stack.url}${path}/note`);
    await doctor.type('Assessment', 'Iron is back to normal.');
    await doctor.sees('Saved');
    await dialog('Sign', 'note-sign');
    await page.locator('dialog[open] button[type="submit"]').click();
    await doctor.sees('Signed by');
    expect(await looks(page, 'note-signed')).toEqual([]);

    await patient.page.goto(`${stack.url}${path}/note`);
    await patient.sees('Iron is back to normal.');
    expect(await looks(patient.page, 'note-read')).toEqual([]);
    await patient.page.emulateMediaType('print');
    await patient.page.waitForSelector('.page-header', { hidden: true });
    await patient.page.waitForSelector('::-p-aria([name="Print"][role="button"])', { hidden: true });
    await patient.sees('Iron is back to normal.');
    await patient.sees(doctor.account.name);
    await patient.page.screenshot({ path: join(pictures, 'note-paper.png') });
    await patient.page.emulateMediaType('screen');

    await patient.page.goto(`${stack.url}${path}`);
    await patient.sees('How was your visit');
    expect(await looks(patient.page, 'rating')).toEqual([]);
    await patient.page.locator('::-p-aria([name="Very good"][role="radio"])').click();
    await patient.press('Send rating');
    await patient.sees('Thank you for your rating.');
    expect(await looks(patient.page, 'rating-given')).toEqual([]);
    await patient.close();
  });

  it("a patient's record, and who opened it", async () => {
    const patient = await signIn('patient');
    await patient.page.goto(`${stack.url}/records`);
    await patient.page.waitForSelector('main .plain-list');
    expect(await looks(patient.page, 'record')).toEqual([]);
    await patient.page.goto(`${stack.url}/records/access`);
    await patient.sees('Newest first');
    expect(await looks(patient.page, 'record-access')).toEqual([]);
    await patient.close();
  });

  it('administration: people, invitation, audit, outbox', async () => {
    const administrator = await signIn('administrator');
    await administrator.sees('Invitations');
    expect(await looks(administrator.page, 'people')).toEqual([]);
    await administrator.press(`Manage: ${doctor.account.name}`);
    await administrator.sees('Signed in on');
    expect(await looks(administrator.page, 'people-manage')).toEqual([]);
    const role = await administrator.page.waitForSelector('select[id^="role-"]');
    await role?.select('staff');
    await administrator.press('Change role');
    await administrator.page.waitForSelector('dialog[open]');
    expect(await looks(administrator.page, 'role')).toEqual([]);
    await administrator.page.keyboard.press('Escape');
    await administrator.press('Invite somebody');
    await administrator.page.waitForSelector('dialog[open]');
    expect(await looks(administrator.page, 'invite')).toEqual([]);
    await administrator.page.goto(`${stack.url}/admin/audit`);
    await administrator.press('Search');
    await administrator.page.waitForSelector('summary');
    expect(await looks(administrator.page, 'audit')).toEqual([]);
    await administrator.page.goto(`${stack.url}/admin/outbox`);
    await administrator.sees('No mail server is set up');
    expect(await looks(administrator.page, 'outbox')).toEqual([]);
    await administrator.page.goto(`${stack.url}/settings/profile`);
    await administrator.sees('Choose a picture');
    expect(await looks(administrator.page, 'profile-picture')).toEqual([]);
    await administrator.press('Change: Your name');
    await administrator.sees('patients see who opened their record');
    expect(await looks(administrator.page, 'profile-name')).toEqual([]);
    await administrator.close();
  });

  it('prepare, room and after', async () => {
    await doctor.openConsultation();
    expect(await looks(doctor.page, 'prepare')).toEqual([]);
    await doctor.press('Turn on camera and microphone');
    await doctor.sees('We hear you');
    expect(await looks(doctor.page, 'prepare-on')).toEqual([]);
    await doctor.press('Join now');
    await doctor.sees('You are the only one here.');
    expect(await looks(doctor.page, 'room-alone')).toEqual([]);
    await doctor.press('Notes');
    await doctor.sees('What the patient says');
    expect(await looks(doctor.page, 'room-notes')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
    await doctor.press('More');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'room-more')).toEqual([]);
    await doctor.page.keyboard.press('Escape');
    await doctor.press('Leave');
    await doctor.page.waitForSelector('dialog[open]');
    expect(await looks(doctor.page, 'room-leave')).toEqual([]);
    await doctor.press('Leave, others stay');
    await doctor.sees('You left the call');
    expect(await looks(doctor.page, 'after')).toEqual([]);
  });

  it('right to left, in Arabic', async () => {
    await doctor.page.goto(`${stack.url}/appointments`);
    await doctor.page.evaluate(() => localStorage.setItem('PARAGLIDE_LOCALE', 'ar'));
    await doctor.page.reload();
    await doctor.page.waitForSelector('html[dir="rtl"][lang="ar"] h1');
    expect(await looks(doctor.page, 'appointments-arabic')).toEqual([]);
  });

  it('shows nothing that comes from elsewhere', async () => {
    const hosts = new Set<string>();
    visitor.page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await visitor.page.goto(`${stack.url}/login`, { waitUntil: 'networkidle0' });
    expect([...hosts]).toEqual([new URL(stack.url).host]);
  });
});
