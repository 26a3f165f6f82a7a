import { appointmentSchema } from '@health-connect/contract';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { moveVisit } from '../support/move-visit.ts';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

const oneSchema = z.object({ appointment: appointmentSchema });
const FIRST = 'Itching since two weeks';
const LATER = 'Cream, twice a day';

describe('notes of a visit', () => {
  let stack: Stack;
  let doctor: Person;
  let path: string;
  let tab: Page;

  /** Another tab of the doctor's browser, with the notes. */
  const openTab = async (): Promise<Page> => {
    const page = await doctor.page.browser().newPage();
    await page.goto(stack.url + path);
    await page.waitForSelector('#note-plan');
    return page;
  };
  const holds = (page: Page, part: string, text: string) =>
    page.waitForFunction(
      (selector, words) => document.querySelector<HTMLTextAreaElement>(selector)?.value === words,
      {},
      `#note-${part}`,
      text,
    );
  const is = (page: Page, state: string) => page.waitForSelector(`[data-note-state="${state}"]`);
  const kept = () => tab.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('hc.note')));
  const again = async (): Promise<void> => {
    await tab.reload();
    await tab.waitForSelector('#note-plan');
  };

  beforeAll(async () => {
    stack = await startStack();
    doctor = await Person.signIn(stack, stack.account('doctor'));
    path = `/appointments/${await doctor.openConsultation()}/note`;
    tab = await openTab();
  }, 180_000);
  afterAll(async () => {
    await doctor.close();
    await stack.stop();
  });

  it('save themselves, and leave nothing in the browser', async () => {
    await tab.type('#note-subjective', FIRST);
    await is(tab, 'saved');
    expect(await kept()).toEqual([]);
    await again();
    await holds(tab, 'subjective', FIRST);
  });

  it('survive a tab that dies while the server cannot be reached', async () => {
    await tab.setOfflineMode(true);
    await tab.type('#note-plan', LATER);
    await is(tab, 'unsaved');
    expect(await kept()).toHaveLength(1);
    // A tab that dies asks nobody and saves nothing more.
    const session = await tab.createCDPSession();
    session.send('Page.crash').catch(() => undefined);
    await new Promise((resolve) => tab.once('error', resolve));
    await tab.close();
    tab = await openTab();
    await holds(tab, 'plan', LATER);
    await is(tab, 'saved');
    expect(await kept()).toEqual([]);
    await again();
    await holds(tab, 'plan', LATER);
  });

  it('that are written in two windows at once show both versions, and lose neither', async () => {
    const other = await openTab();
    await other.type('#note-plan', ', for 4 weeks');
    await is(other, 'saved');
    await other.close();
    await tab.bringToFront();
    await tab.type('#note-plan', ', and rest');
    await is(tab, 'conflict');
    await tab.locator('::-p-aria([name="Look at both"][role="button"])').click();
    await tab.locator('::-p-aria([name="Put both together"][role="button"])').click();
    await is(tab, 'saved');
    await holds(tab, 'plan', `${LATER}, and rest\n\n${LATER}, for 4 weeks`);
  });

  it('go on at the new time when the appointment was moved meanwhile, with what was typed', async () => {
    const id = path.split('/')[2] ?? '';
    const { body } = await doctor.request('GET', `/api/appointments/${id}`);
    const { patient: met } = oneSchema.parse(body).appointment;
    const patient = await Person.signIn(
      stack,
      stack.accounts.find(({ name }) => name === met.name) ?? stack.account('patient'),
    );
    const movedTo = await moveVisit(doctor, patient, id);
    await patient.close();

    await tab.locator('#note-assessment').fill('Eczema');
    await is(tab, 'refused');
    await tab.locator('::-p-aria([name="Go on at the new time"][role="button"])').click();
    await tab.waitForFunction((there) => location.pathname === there, {}, `/appointments/${movedTo}/note`);
    await holds(tab, 'assessment', 'Eczema');
    await holds(tab, 'subjective', FIRST);
    await is(tab, 'saved');
    expect(await kept()).toEqual([]);
  });
});
