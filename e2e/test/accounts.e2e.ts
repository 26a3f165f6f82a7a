import { generate } from 'otplib';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isEmpty, readNodeStatus } from '../support/node-status.ts';
import { typeFirstCode } from '../support/authenticator.ts';
import { Cast } from '../support/cast.ts';
import { newPatient } from '../support/new-patient.ts';
import type { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

/** How long a session that was ended may still see or hear anything. */
const OUT_WITHIN_MS = 5_000;
const SIGNED_OUT = 'To keep your data safe, we signed you out';

describe('accounts in real browsers', () => {
  let stack: Stack;
  const cast = Cast.create();

  /** The administrator reads the mail that would have gone to `to`, and gives its link. */
  const linkInOutbox = async (administrator: Person, to: string): Promise<string> => {
    await administrator.page.goto(`${stack.url}/admin/outbox`);
    const mail = await administrator.page.waitForSelector(`details ::-p-text(${to})`);
    await mail?.click();
    const link = await administrator.page.waitForSelector('details[open] a[href*="#token="]');
    return (await link?.evaluate((anchor) => anchor.getAttribute('href'))) ?? '';
  };

  /** Signs every other device out, as the person does on the page for it. */
  const signOutOther = async (person: Person): Promise<void> => {
    await person.page.goto(`${stack.url}/settings/security`);
    await person.page.locator('button[aria-label^="Sign out:"]').click();
    await person.page.locator('dialog[open] button[type="submit"]').click();
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

  it('sign up, confirm, second factor, two devices, revoke one: out within 5 s (R35, R46)', async () => {
    const account = {
      role: 'patient',
      name: 'Noa Stern',
      email: 'noa@hospital.example',
      password: 'a boat on the lake',
    };
    const administrator = await cast.signIn(stack, 'administrator');
    const first = await cast.visit(stack, { ...account, role: 'patient' });

    await first.page.goto(`${stack.url}/signup`);
    await first.type('Full name', account.name);
    await first.type('Email', account.email);
    await first.type('Day', '27');
    await first.type('Month', '3');
    await first.type('Year', '1985');
    await first.type('Password', account.password);
    await first.press('Make my account');
    await first.sees('Check your email');

    const link = await linkInOutbox(administrator, account.email);
    await first.page.goto(link);
    await first.type('Password', account.password);
    expect(first.page.url()).toBe(`${stack.url}/verify`);
    await first.press('Confirm my email');
    await first.sees('Your email is confirmed');
    await first.page.locator('::-p-aria([name="Go on"][role="link"])').click();
    await first.sees('Hello, Noa Stern');

    await first.page.goto(`${stack.url}/settings/security`);
    await first.press('Set up the second step');
    await first.type('Current password', account.password);
    await first.press('Next');
    const secret = await typeFirstCode(first);
    const used = await generate({ secret });
    await first.press('Turn on the second step');
    await first.sees('Keep these recovery codes');
    await first.press('I have kept them');
    await first.sees('The second step is on');

    const second = await cast.visit(stack, { ...account, role: 'patient' });
    await second.page.goto(`${stack.url}/login`);
    await second.type('Email', account.email);
    await second.type('Password', account.password);
    await second.press('Sign in');
    // A code counts once: the next one is not there before its half minute begins.
    const next = await waitFor(
      'the next code',
      () => generate({ secret }),
      (code) => code !== used,
      40_000,
    );
    await second.type('Code', next);
    await second.press('Sign in');
    await second.sees('Hello, Noa Stern');

    await signOutOther(first);
    const askedAt = Date.now();
    await second.sees(SIGNED_OUT);
    expect(Date.now() - askedAt).toBeLessThan(OUT_WITHIN_MS);
    expect((await second.request('GET', '/api/auth/me')).status).toBe(401);
    expect((await first.request('GET', '/api/auth/me')).status).toBe(200);
  });

  it('leads from the first sign-in to what care needs to know, in steps that can be skipped and are remembered (R21)', async () => {
    const administrator = await cast.signIn(stack, 'administrator');
    const fresh = await cast.visit(stack, await newPatient(administrator));
    const { page } = fresh;
    await page.goto(`${stack.url}/login`);
    await fresh.type('Email', fresh.account.email);
    await fresh.type('Password', fresh.account.password);
    await fresh.press('Sign in');
    await fresh.sees('Filled in: 0 of 3 parts. Still open: About you, Your health, and Emergency contact.');
    await page.locator('a[href="/settings/profile"]').click();
    await fresh.sees('Gender');
    await fresh.press('Skip for now');
    await fresh.sees('Do you have allergies?');
    await page.locator('::-p-aria([name="None that I know of"][role="radio"])').click();
    await fresh.press('Save');
    await fresh.sees('Whom should the clinic phone in an emergency?');
    // What was skipped is not offered again, but still open.
    await page.goto(`${stack.url}/home`);
    await fresh.sees('Filled in: 1 of 3 parts. Still open: About you and Emergency contact.');
    await fresh.press('Not now');
    await page.waitForSelector('::-p-text(Complete your profile)', { hidden: true });
    const read = page.waitForResponse((response) => response.url().endsWith('/api/profile'));
    await page.reload();
    expect((await read).status()).toBe(200);
    await fresh.sees('You have nothing booked.');
    expect(await page.$('::-p-text(Complete your profile)')).toBeNull();
  });

  it('takes a revoked device out of its call within 5 s', async () => {
    const inCall = await cast.signIn(stack, 'doctor');
    const other = await cast.signIn(stack, 'doctor');
    const patient = await cast.signIn(stack, 'patient');
    await inCall.openConsultation();
    await inCall.join();
    await patient.openConsultation();
    await patient.join();
    await patient.seesAndHears(1);

    await signOutOther(other);
    const askedAt = Date.now();
    const left = (peers: readonly string[]): boolean => peers.length === 0;
    await waitFor('a picture that is gone at the other side', () => patient.remotePeers(), left, OUT_WITHIN_MS);
    await inCall.sees(SIGNED_OUT);
    expect(Date.now() - askedAt).toBeLessThan(OUT_WITHIN_MS);
    expect((await inCall.media()).openConnections).toBe(0);
    // Nothing is received any more, and the other side is still in.
    const after = await patient.media();
    expect((await readNodeStatus(stack)).counts).toMatchObject({ peers: 1, consumers: 0 });
    expect((await patient.media()).framesDecoded).toBe(after.framesDecoded);

    await patient.leave('at once');
    await waitFor('an empty media node', () => readNodeStatus(stack), isEmpty);
  });
});
