import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';

/** What somebody with an old phone on a slow line has to load before they can join (ux, principle 1). */
const BUDGET_BYTES = 170_000;

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

  it(`is at most ${BUDGET_BYTES / 1000} kB, compressed, from the link until the call runs`, async () => {
    const id = await patient.openConsultation();
    const scripts = new Map<string, Buffer>();
    await patient.page.setCacheEnabled(false);
    patient.page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      void response.buffer().then((body) => scripts.set(response.url(), body));
    });
    await patient.page.goto(`${stack.url}/consultation/${id}`, { waitUntil: 'networkidle0' });
    await patient.join();
    await patient.page.waitForNetworkIdle();

    const sizes = [...scripts].map(([url, body]) => ({ url, bytes: gzipSync(body, { level: 9 }).length }));
    const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
    // The whole of it was seen: the part that makes media calls too.
    expect([...scripts.values()].some((body) => body.includes('RTCPeerConnection'))).toBe(true);
    expect(bytes, `${sizes.length} files`).toBeLessThanOrEqual(BUDGET_BYTES);
  });
});
