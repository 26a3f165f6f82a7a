import type { HTTPRequest } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import { readNodeStatus } from '../support/node-status.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

const PLAN = 'Cream, twice a day';

/** What a page comes back to that was loaded anew, or could not be loaded. */
describe('a page that comes back', () => {
  let stack: Stack;
  const cast = Cast.create();

  beforeAll(async () => {
    stack = await startStack();
  }, 180_000);
  afterEach(async () => {
    await cast.leave();
  });
  afterAll(async () => {
    await stack.stop();
  });

  it('is in the call again after a reload, without a press, with what was on', async () => {
    const [doctor, patient] = [await cast.signIn(stack, 'doctor'), await cast.signIn(stack, 'patient')];
    for (const person of [doctor, patient]) {
      await person.openConsultation();
      await person.join();
    }
    await doctor.seesAndHears(1);
    await patient.press('Mic');
    await doctor.page.waitForSelector('[data-peer-id] ::-p-text(Mic off)');
    const before = await doctor.remotePeers();

    await patient.page.reload();
    await patient.page.waitForSelector('::-p-aria([name="Leave"][role="button"])');
    await patient.page.waitForSelector('::-p-aria([name="Mic off"][role="button"])');
    await patient.seesAndHears(1);
    await waitFor(
      'the patient in the place of before',
      () => doctor.remotePeers(),
      (peers) => peers.length === 1 && peers[0] !== before[0],
    );
    await doctor.page.waitForSelector('[data-peer-id] ::-p-text(Mic off)');
    expect((await readNodeStatus(stack)).counts).toMatchObject({ rooms: 1, peers: 2 });

    // Who has left by themselves is not in it again.
    await patient.leave('at once');
    await patient.page.reload();
    await patient.page.waitForSelector('::-p-aria([name="Get ready for your call"][role="heading"])');
    await doctor.sees('You are the only one here.');
  });

  it('has every word of a note that was typed a moment before', async () => {
    const doctor = await cast.signIn(stack, 'doctor');
    const { page } = doctor;
    await page.goto(`${stack.url}/appointments/${await doctor.openConsultation()}/note`);
    await page.waitForSelector('#note-plan');
    page.on('dialog', (dialog) => void dialog.accept());
    await page.type('#note-plan', PLAN);
    await page.reload();
    await page.waitForFunction(
      (words) => document.querySelector<HTMLTextAreaElement>('#note-plan')?.value === words,
      {},
      PLAN,
    );
    await page.waitForSelector('[data-note-state="saved"]');
    expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('hc.note')))).toEqual([]);
  });

  it('whose part was lost with the connection says so, and comes by itself once that is back', async () => {
    const patient = await cast.signIn(stack, 'patient');
    const { page } = patient;
    await page.setRequestInterception(true);
    // The connection goes in the middle of it: nobody was offline yet when the link was followed.
    const cut = (request: HTTPRequest): void => {
      if (!new URL(request.url()).pathname.endsWith('.js')) void request.continue();
      else void page.setOfflineMode(true).then(() => request.abort('internetdisconnected'));
    };
    page.on('request', cut);
    await page.focus('nav a[href="/records"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('::-p-aria([name="You are offline"][role="heading"])');
    await patient.sees('Check your connection, then try again.');
    expect(await page.title()).toContain('You are offline');
    await page.locator('.problem button').click();
    await patient.sees('Check your connection, then try again.');
    page.off('request', cut);
    await page.setRequestInterception(false);
    await page.setOfflineMode(false);
    await page.waitForSelector('::-p-aria([name="My record"][role="heading"])');
  });
});
