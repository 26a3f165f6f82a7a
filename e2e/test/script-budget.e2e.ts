import { gzipSync } from 'node:zlib';
import type { HTTPRequest, Page } from 'puppeteer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Person } from '../support/person.ts';
import { startStack, type Stack } from '../support/stack.ts';
import { waitFor } from '../support/wait.ts';

/** What somebody with an old phone on a slow line has to load before they can join (ux, principle 1). */
const JOIN_PAGE_BYTES = 170_000;
/** With the room itself, which comes while they look at their own picture. */
const WHOLE_CALL_BYTES = 184_000;
/** A script that asks for another one does so within this time. */
const QUIET_MS = 500;
const LOADED_WITHIN_MS = 90_000;

/** Size of all of them as they are sent. */
const bytesOf = (scripts: readonly Buffer[]): number =>
  scripts.reduce((sum, body) => sum + gzipSync(body, { level: 9 }).length, 0);

/** The scripts that a page loads. Whatever else it asks for, pictures, news or media, is not waited for. */
class Scripts {
  readonly #bodies = new Map<string, Promise<Buffer>>();
  readonly #underWay = new Set<HTTPRequest>();
  #changedMs = Date.now();

  private constructor(page: Page) {
    const isScript = (request: HTTPRequest): boolean => request.resourceType() === 'script';
    page.on('request', (request) => {
      if (!isScript(request)) return;
      this.#underWay.add(request);
      this.#changedMs = Date.now();
    });
    page.on('response', (response) => {
      if (isScript(response.request())) this.#bodies.set(response.url(), response.buffer());
    });
    const end = (request: HTTPRequest): void => {
      if (this.#underWay.delete(request)) this.#changedMs = Date.now();
    };
    page.on('requestfinished', end);
    page.on('requestfailed', end);
  }

  /** From now on, without those that the browser has kept. */
  static async of(page: Page): Promise<Scripts> {
    await page.setCacheEnabled(false);
    return new Scripts(page);
  }

  /** What has been loaded, once one script did not bring another one for a while. */
  async all(): Promise<Buffer[]> {
    await waitFor(
      'scripts to have been loaded',
      () => Promise.resolve(this.#underWay.size === 0 && Date.now() - this.#changedMs > QUIET_MS),
      (quiet) => quiet,
      LOADED_WITHIN_MS,
    );
    return Promise.all(this.#bodies.values());
  }
}

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
    const scripts = await Scripts.of(patient.page);
    await patient.page.goto(`${stack.url}/consultation/${id}`);
    await patient.page.waitForSelector('::-p-aria([name="Turn on camera and microphone"][role="button"])');
    const joinPage = bytesOf(await scripts.all());
    await patient.join();
    const whole = await scripts.all();

    // The whole of it was seen: the part that makes media calls too.
    expect(whole.some((body) => body.includes('RTCPeerConnection'))).toBe(true);
    expect(joinPage).toBeLessThanOrEqual(JOIN_PAGE_BYTES);
    expect(bytesOf(whole)).toBeLessThanOrEqual(WHOLE_CALL_BYTES);
  });
});
