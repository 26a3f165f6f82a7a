import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** What somebody with an old phone on a slow line has to load before they can join (ux, principle 1). */
const JOIN_PAGE_BYTES = 170_000;
/** With the room itself, which comes while they look at their own picture. */
const WHOLE_CALL_BYTES = 180_000;

/** Size of all of them as they are sent. */
const bytesOf = (scripts: ReadonlyMap<string, Buffer>): number =>
  [...scripts.values()].reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);

describe('script that a consultation loads', () => {
  let stack: Stack;
  let patient: Person;

  beforeAll(async () => {
    stack = await startStack();
    const account = stack.accounts.find(({ role }) => role === 'patient');
    if (account === undefined) throw new Error('The demonstration hospital has no patient');
    patient = await Person.signIn(stack, account);
  }, 180_000);
  afterAll(async () => {
    await patient.close();
    await stack.stop();
  });

  it(`is at most ${JOIN_PAGE_BYTES / 1000} kB, compressed, until one can join, and little more with the call`, async () => {
    const id = await patient.openConsultation();
    const scripts = new Map<string, Buffer>();
    await patient.page.setCacheEnabled(false);
    patient.page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      void response.buffer().then((body) => scripts.set(response.url(), body));
    });
    await patient.page.goto(`${stack.url}/consultation/${id}`, { waitUntil: 'networkidle0' });
    const joinPage = bytesOf(scripts);
    await patient.join();
    // A request that a page gave up as it was left may never end for the tools of the browser.
    await patient.page.waitForNetworkIdle({ concurrency: 1 });

    // The whole of it was seen: the part that makes media calls too.
    expect([...scripts.values()].some((body) => body.includes('RTCPeerConnection'))).toBe(true);
    expect(joinPage).toBeLessThanOrEqual(JOIN_PAGE_BYTES);
    expect(bytesOf(scripts)).toBeLessThanOrEqual(WHOLE_CALL_BYTES);
  });
});
