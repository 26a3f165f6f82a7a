import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Album } from '../../support/album.ts';
import { shownRecoveryCodes, typeFirstCode } from '../../support/authenticator.ts';
import { Cast } from '../../support/cast.ts';
import { changeHours } from '../../support/hours.ts';
import { dropAnswers, restoreAnswers } from '../../support/outage.ts';
import type { Person } from '../../support/person.ts';
import { startStack, type Stack } from '../../support/stack.ts';
import { forgetAllergies } from '../../support/unasked-allergies.ts';

describe('looks: settings and administration', () => {
  let stack: Stack;
  let album: Album;
  let folder: string;
  let patient: Person;
  let administrator: Person;
  const cast = Cast.create();

  const looks = (name: string, { page } = administrator) => album.look(page, name);
  const open = (path: string, { page } = administrator) => page.goto(stack.url + path);
  const dialog = async (button: string, person = administrator): Promise<void> => {
    await person.press(button);
    await person.page.waitForSelector('dialog[open]');
  };
  const submit = ({ page }: Person): Promise<void> => page.locator('dialog[open] button[type="submit"]').click();
  const escape = ({ page } = administrator): Promise<void> => page.keyboard.press('Escape');

  beforeAll(async () => {
    album = await Album.open('settings');
    folder = await mkdtemp(join(tmpdir(), 'health-connect-looks-'));
    stack = await startStack();
    patient = await cast.signIn(stack, 'patient');
    administrator = await cast.signIn(stack, 'administrator');
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it('profiles, one step of them, and a picture', async () => {
    const doctor = await cast.signIn(stack, 'doctor');
    await open('/settings/profile', doctor);
    await doctor.sees('Your work');
    expect(await looks('profile-doctor', doctor)).toEqual([]);
    const { page } = patient;
    await open('/settings/profile', patient);
    await patient.sees('Emergency contact');
    expect(await looks('profile-patient', patient)).toEqual([]);
    await patient.press('Change: Emergency contact');
    await patient.press('Add a contact');
    await patient.press('Save');
    await patient.sees('Please look at this');
    expect(await looks('profile-step', patient)).toEqual([]);

    await forgetAllergies(stack, patient.account.email);
    await open('/settings/profile', patient);
    await patient.press('Change: Your health');
    await patient.sees('Do you have allergies?');
    await patient.press('Save');
    await patient.sees('Say whether you have allergies.');
    expect(await looks('profile-health', patient)).toEqual([]);
    const newcomer = await cast.signIn(stack, 'doctor', 3);
    await changeHours(newcomer, (schedule) => ({ ...schedule, workingTimes: [] }));
    await open('/settings/profile', newcomer);
    await newcomer.sees('Set my hours');
    expect(await looks('profile-hours', newcomer)).toEqual([]);

    const file = join(folder, 'picture.png');
    await page.screenshot({ path: file });
    await patient.press('Change: Your picture');
    const field = await page.waitForSelector('input[type="file"]');
    await (await field?.toElement('input'))?.uploadFile(file);
    await patient.sees('This is how others will see it.');
    expect(await looks('profile-picture', patient)).toEqual([]);
    await patient.press('Use this picture');
    await patient.sees('Your picture is saved.');
    await patient.press('Change: Your picture');
    const again = await page.waitForSelector('input[type="file"]');
    await (await again?.toElement('input'))?.uploadFile(file);
    await patient.sees('This is how others will see it.');
    expect(await looks('profile-picture-again', patient)).toEqual([]);
    await patient.press('Cancel');
    await dialog('Remove picture', patient);
    expect(await looks('picture-remove', patient)).toEqual([]);
  });

  it('the password and the second step, from setting it up to giving it up', async () => {
    const { password } = patient.account;
    await open('/settings/security', patient);
    await patient.sees('This device');
    expect(await looks('security', patient)).toEqual([]);
    await patient.press('Change password');
    await patient.press('Save the new password');
    await patient.sees('Please look at this');
    expect(await looks('password-change', patient)).toEqual([]);
    await open('/settings/security', patient);
    await dialog('Set up the second step', patient);
    expect(await looks('second-step-password', patient)).toEqual([]);
    await patient.press('Next');
    await patient.sees('Type your current password.');
    expect(await looks('second-step-password-missing', patient)).toEqual([]);
    await patient.type('Current password', password);
    await patient.press('Next');
    await patient.page.waitForSelector('dialog[open] img');
    expect(await looks('second-step', patient)).toEqual([]);
    await typeFirstCode(patient);
    await patient.press('Turn on the second step');
    await shownRecoveryCodes(patient);
    expect(await looks('second-step-codes', patient)).toEqual([]);
    await patient.press('I have kept them');
    await patient.sees('The second step is on');
    expect(await looks('second-step-on', patient)).toEqual([]);
    await dialog('Use another phone or app', patient);
    await patient.press('I do not have my phone');
    expect(await looks('second-step-replace', patient)).toEqual([]);
    await escape(patient);
    await dialog('New recovery codes', patient);
    expect(await looks('second-step-new-codes', patient)).toEqual([]);
    await escape(patient);
    await dialog('Turn off the second step', patient);
    expect(await looks('second-step-off', patient)).toEqual([]);
    await escape(patient);
  });

  it('the display and reminders', async () => {
    await open('/settings/display', patient);
    await patient.sees('These choices stay on this device.');
    expect(await looks('display', patient)).toEqual([]);
    await open('/settings/notifications', patient);
    await patient.sees('10 minutes before');
    expect(await looks('reminders', patient)).toEqual([]);
  });

  it('a device that is signed out from another one', async () => {
    const [here, there] = [await cast.signIn(stack, 'patient', 1), await cast.signIn(stack, 'patient', 1)];
    await open('/settings/security', here);
    await here.page.locator('button[aria-label^="Sign out:"]').click();
    await here.page.waitForSelector('dialog[open]');
    expect(await looks('device-end', here)).toEqual([]);
    await submit(here);
    await there.sees('To keep your data safe, we signed you out');
    expect(await looks('signed-out', there)).toEqual([]);
    await open('/admin/audit', here);
    await here.sees('This page is not open to you');
    expect(await looks('admin-forbidden', here)).toEqual([]);
  });

  it('people: found, managed, disabled, given another role', async () => {
    const { page } = administrator;
    const { name } = stack.account('doctor', 1);
    await administrator.sees('Invitations');
    expect(await looks('people')).toEqual([]);
    await administrator.press(`Manage: ${name}`);
    await administrator.sees('Not signed in anywhere.');
    expect(await looks('people-manage')).toEqual([]);
    await dialog(`Disable: ${name}`);
    expect(await looks('people-disable')).toEqual([]);
    await escape();
    const role = await page.waitForSelector('select[id^="role-"]');
    await role?.select('staff');
    await dialog('Change role');
    expect(await looks('role')).toEqual([]);
    await escape();
    await page.locator('#people-text').fill('nobody at all');
    await administrator.sees('Nobody fits this search.');
    expect(await looks('people-none')).toEqual([]);
  });

  it('a server that does not answer an administrator', async () => {
    const { page } = administrator;
    await dropAnswers(page, '/api/admin');
    await open('/admin/people');
    await administrator.sees('Sorry, our service is not working right now.');
    expect(await looks('people-server-down')).toEqual([]);
    await open('/admin/audit');
    await administrator.press('Search');
    await administrator.sees('Sorry, our service is not working right now.');
    expect(await looks('audit-server-down')).toEqual([]);
    await restoreAnswers(page);
    await open('/admin/people');
    await administrator.sees('Invitations');
  });

  it('invitations', async () => {
    const email = 'reception.two@hospital.example';
    await dialog('Invite somebody');
    expect(await looks('invite')).toEqual([]);
    await administrator.type('Email', email);
    await submit(administrator);
    await administrator.page.waitForSelector(`::-p-aria([name="Take back: ${email}"][role="button"])`);
    expect(await looks('invited')).toEqual([]);
    await dialog(`Take back: ${email}`);
    expect(await looks('invitation-revoke')).toEqual([]);
    await escape();
  });

  it('audit and outbox', async () => {
    const { page } = administrator;
    await open('/admin/audit');
    await administrator.press('Search');
    await page.waitForSelector('main summary');
    expect(await looks('audit')).toEqual([]);
    await page.locator('main summary').click();
    await page.waitForSelector('main details[open]');
    expect(await looks('audit-entry')).toEqual([]);
    await administrator.type('Account id', '0'.repeat(24));
    await administrator.press('Search');
    await administrator.sees('Nothing fits this search.');
    expect(await looks('audit-none')).toEqual([]);
    await open('/admin/outbox');
    await administrator.sees('No mail server is set up');
    expect(await looks('outbox')).toEqual([]);
    await page.locator('main summary').click();
    await page.waitForSelector('main details[open]');
    expect(await looks('outbox-mail')).toEqual([]);
  });

  it('the own name of an administrator', async () => {
    await open('/settings/profile');
    await administrator.press('Change: Your name');
    await administrator.sees('patients see who opened their record');
    expect(await looks('profile-name')).toEqual([]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
