import { generate } from 'otplib';
import type { Person } from './person.ts';

/**
 * Reads the key that is shown to somebody who sets their second step up, and types the code that an app would show.
 * @returns the key, which makes further codes
 */
export async function typeFirstCode(person: Person): Promise<string> {
  const key = await person.page.waitForSelector('ol code');
  const secret = ((await key?.evaluate((element) => element.textContent)) ?? '').replaceAll(/\s/g, '');
  await person.type('Code', await generate({ secret }));
  return secret;
}

/** The recovery codes that are shown now. */
export async function shownRecoveryCodes(person: Person): Promise<string[]> {
  await person.sees('Keep these recovery codes');
  return person.page.$$eval('ul[dir="ltr"] code', (codes) => codes.map((code) => code.textContent));
}
