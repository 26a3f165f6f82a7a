import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Album } from '../../support/album.ts';
import { shownRecoveryCodes, typeFirstCode } from '../../support/authenticator.ts';
import { holdAnswers } from '../../support/outage.ts';
import { linkInMail } from '../../support/outbox.ts';
import { Person } from '../../support/person.ts';
import { startStack, type Stack } from '../../support/stack.ts';

const PASSWORD = 'a boat on the lake';

describe('looks: before somebody is signed in', () => {
  let stack: Stack;
  let album: Album;
  let visitor: Person;
  let administrator: Person;

  const looks = (name: string, person = visitor) => album.look(person.page, name);
  const heading = (name: string) => visitor.page.waitForSelector(`::-p-aria([name="${name}"][role="heading"])`);
  const open = (path: string) => visitor.page.goto(stack.url + path);
  const signIn = async (person: Person, email: string, password: string): Promise<void> => {
    await person.page.goto(`${stack.url}/login`);
    await person.type('Email', email);
    await person.type('Password', password);
    await person.press('Sign in');
  };
  /** Makes an account and confirms its address. */
  const signUp = async (email: string, fill: () => Promise<void>): Promise<void> => {
    await open('/signup');
    await visitor.page.waitForSelector('#signup-name');
    await fill();
    await visitor.type('Full name', 'Noa Stern');
    await visitor.type('Email', email);
    await visitor.type('Password', PASSWORD);
    await visitor.press('Make my account');
    await visitor.sees('Check your email');
  };

  beforeAll(async () => {
    album = await Album.open('account');
    // Here the clinic asks its doctors and administrators for a second step.
    stack = await startStack({ HC_REQUIRE_SECOND_FACTOR: '1' });
    visitor = await Person.visit(stack, stack.account('patient'));
    administrator = await Person.visit(stack, stack.account('administrator'));
  }, 180_000);
  afterAll(async () => {
    await Promise.all([visitor.close(), administrator.close()]);
    await stack.stop();
  });

  it.each([
    ['welcome', '/', 'See your doctor by video'],
    ['sign-in', '/login', 'Sign in'],
    ['help', '/help', 'Help'],
    ['sign-up', '/signup', 'Make an account'],
    ['forgotten', '/forgot', 'Set a new password'],
    ['verify-ended', '/verify', 'This link has ended'],
    ['reset-ended', '/reset', 'This link has ended'],
    ['invitation-ended', '/invitation', 'This link has ended'],
    ['not-found', '/no/such/page', 'We cannot find this page'],
  ])('%s', async (name, path, title) => {
    await open(path);
    await heading(title);
    expect(await looks(name)).toEqual([]);
  });

  it('a server that answers late, or not at all', async () => {
    const unlucky = await Person.visit(stack, stack.account('patient', 1));
    const { page } = unlucky;
    const cut = await holdAnswers(page);
    await page.goto(stack.url);
    await unlucky.sees('Loading');
    expect(await looks('loading', unlucky)).toEqual([]);
    cut();
    await unlucky.sees('Sorry, our service is not working right now.');
    expect(await looks('server-down', unlucky)).toEqual([]);
    await unlucky.close();
  });

  it('a sign-in without words, and one that was refused', async () => {
    await open('/login');
    await visitor.press('Sign in');
    await visitor.sees('Please look at this');
    expect(await looks('sign-in-missing')).toEqual([]);
    await visitor.type('Email', 'nobody@hospital.example');
    await visitor.type('Password', 'not the password');
    await visitor.press('Sign in');
    await visitor.sees('This email and password do not match');
    expect(await looks('sign-in-refused')).toEqual([]);
  });

  it('a second step that the clinic asks for, when it is set up and from then on', async () => {
    const { email, password } = administrator.account;
    await signIn(administrator, email, password);
    await administrator.sees('Your clinic asks for a second step at sign-in.');
    await administrator.page.waitForSelector('ol img');
    expect(await looks('step-setup', administrator)).toEqual([]);
    await typeFirstCode(administrator);
    await administrator.press('Turn on the second step');
    await shownRecoveryCodes(administrator);
    expect(await looks('step-setup-codes', administrator)).toEqual([]);
    await administrator.press('I have kept them');
    await administrator.sees('Invitations');

    await signIn(visitor, email, password);
    await visitor.sees('Open your authenticator app and type its 6 digits.');
    expect(await looks('step-code')).toEqual([]);
    await visitor.press('Use a recovery code');
    await visitor.sees('One of the 10 codes that you kept.');
    expect(await looks('step-recovery')).toEqual([]);
    await visitor.type('Recovery code', 'aaaa-aaaa-aaaa-aaaa');
    await visitor.press('Sign in');
    await visitor.sees('This code does not fit, or it was used before.');
    expect(await looks('step-refused')).toEqual([]);
  });

  it("a patient's new account, from the form to the confirmed address", async () => {
    await open('/signup');
    await visitor.type('Password', 'qwertyuiop12');
    await visitor.press('Make my account');
    await visitor.sees('Please look at this');
    expect(await looks('sign-up-missing')).toEqual([]);
    await signUp('noa@hospital.example', async () => {
      await visitor.type('Day', '27');
      await visitor.type('Month', '3');
      await visitor.type('Year', '1985');
    });
    expect(await looks('sign-up-mail')).toEqual([]);
    await visitor.page.goto(await linkInMail(administrator, 'noa@hospital.example', '/verify'));
    await heading('Confirm your email');
    expect(await looks('verify')).toEqual([]);
    await visitor.type('Password', 'the password of somebody else');
    await visitor.press('Confirm my email');
    await visitor.sees('This password does not match');
    expect(await looks('verify-wrong')).toEqual([]);
    await visitor.type('Password', PASSWORD);
    await visitor.press('Confirm my email');
    await heading('Your email is confirmed');
    await visitor.sees('you are signed in');
    expect(await looks('verify-done')).toEqual([]);
    expect((await visitor.request('POST', '/api/auth/logout')).status).toBe(200);
  });

  it("a new doctor's account, which has to wait for the clinic", async () => {
    const email = 'noa.stern@hospital.example';
    await signUp(email, async () => {
      await visitor.page.locator('::-p-aria([name="Doctor"][role="radio"])').click();
      await visitor.type('Field of work', 'Skin');
      expect(await looks('sign-up-doctor')).toEqual([]);
    });
    await visitor.page.goto(await linkInMail(administrator, email, '/verify'));
    await visitor.type('Password', PASSWORD);
    await visitor.press('Confirm my email');
    await heading('Your email is confirmed');
    expect(await looks('verify-pending')).toEqual([]);
    await signIn(visitor, email, PASSWORD);
    await typeFirstCode(visitor);
    await visitor.press('Turn on the second step');
    await visitor.press('I have kept them');
    await visitor.sees('Your account is waiting for the clinic');
    await visitor.sees('Complete your profile');
    expect(await looks('pending')).toEqual([]);
    expect((await visitor.request('POST', '/api/auth/logout')).status).toBe(200);
  });

  it('a new password', async () => {
    const { email } = stack.account('patient');
    await open('/forgot');
    await visitor.type('Email', email);
    await visitor.press('Send me a link');
    await visitor.sees('Check your email');
    expect(await looks('forgotten-mail')).toEqual([]);
    await visitor.page.goto(await linkInMail(administrator, email, '/reset'));
    await heading('Choose a new password');
    expect(await looks('reset')).toEqual([]);
    await visitor.type('New password', PASSWORD);
    await visitor.press('Save the new password');
    await heading('Your new password is set');
    expect(await looks('reset-done')).toEqual([]);
  });

  it('an invitation', async () => {
    const email = 'reception.two@hospital.example';
    const invited = await administrator.request('POST', '/api/admin/invitations', { role: 'staff', email });
    expect(invited.status).toBe(201);
    await visitor.page.goto(await linkInMail(administrator, email, '/invitation'));
    await visitor.sees('You are invited to join as staff');
    expect(await looks('invitation')).toEqual([]);
    await visitor.type('Full name', 'Noa Stern');
    await visitor.type('Password', PASSWORD);
    await visitor.press('Make my account');
    await heading('Your account is ready');
    expect(await looks('invitation-done')).toEqual([]);
  });

  it('shows nothing that comes from elsewhere', async () => {
    const hosts = new Set<string>();
    visitor.page.on('request', (request) => hosts.add(new URL(request.url()).host));
    await visitor.page.goto(`${stack.url}/login`, { waitUntil: 'networkidle0' });
    expect([...hosts]).toEqual([new URL(stack.url).host]);
  });

  it('leaves no screen out', () => {
    expect(album.owed).toEqual([]);
  });
});
