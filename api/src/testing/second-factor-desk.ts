import { authenticatorSetupSchema, signInSchema, type Role } from '@health-connect/contract';
import { generateSync } from 'otplib';
import { expect } from 'vitest';
import { z } from 'zod';
import { TestBrowser } from './test-browser.ts';
import { PASSWORD, type Person, type TestServer } from './test-server.ts';

/** How long a code of an authenticator counts. */
export const STEP_MS = 30_000;
/** Where the routes of the second factor are. */
export const SECOND_FACTOR = '/api/auth/second-factor';
const codesSchema = z.strictObject({ recoveryCodes: z.array(z.string()) });

/** The recovery codes of an answer. */
export const recoveryCodesOf = async (response: Response): Promise<string[]> =>
  codesSchema.parse(await response.json()).recoveryCodes;

/** The ticket of a sign-in that needs a second step. */
export async function ticketOf(
  response: Response,
  status: 'second-factor' | 'second-factor-setup' = 'second-factor',
): Promise<string> {
  expect(response.status).toBe(200);
  expect(response.headers.getSetCookie()).toEqual([]);
  const answer = signInSchema.parse(await response.json());
  if (answer.status !== status) throw new Error(`The answer is ${answer.status}`);
  return answer.ticket;
}

/** Sets authenticators up and signs in with them, as people do, for tests. */
export class SecondFactorDesk {
  readonly #server: TestServer;

  private constructor(server: TestServer) {
    this.#server = server;
  }

  static create(server: TestServer): SecondFactorDesk {
    return new SecondFactorDesk(server);
  }

  /** What an authenticator shows, so long from now. */
  codeAt(secret: string, offsetMs = 0): string {
    return generateSync({ secret, epoch: Math.floor((this.#server.clock.now() + offsetMs) / 1000) });
  }

  /** Gives the right password. @returns the ticket for the second step */
  async ticketFor({ email }: Person): Promise<string> {
    return ticketOf(await new TestBrowser(this.#server).signIn(email));
  }

  /** Begins to set an authenticator up. @returns its secret */
  async setUp(browser: TestBrowser): Promise<string> {
    const response = await browser.call('POST', `${SECOND_FACTOR}/setup`, { body: { password: PASSWORD } });
    expect(response.status).toBe(200);
    const { secret, uri } = authenticatorSetupSchema.parse(await response.json());
    expect(uri).toMatch(/^otpauth:\/\/totp\/Health%20Connect:/);
    return secret;
  }

  /** Somebody with a second factor, and a browser in which it was set up. */
  async protectedPerson(role: Role = 'patient') {
    const person = await this.#server.person(role, 'Two Factor');
    const browser = await TestBrowser.signedIn(this.#server, person);
    const secret = await this.setUp(browser);
    const body = { code: this.codeAt(secret) };
    const response = await browser.call('POST', `${SECOND_FACTOR}/confirm`, { body });
    expect(response.status).toBe(200);
    const recoveryCodes = await recoveryCodesOf(response);
    // The code of this step is used up.
    this.#server.clock.advance(STEP_MS);
    return { person, browser, secret, recoveryCodes };
  }

  /** Takes the second step. */
  second(
    ticket: string,
    proof: { readonly code?: string; readonly recoveryCode?: string },
    browser = new TestBrowser(this.#server),
  ): Promise<Response> {
    return browser.call('POST', SECOND_FACTOR, { body: { ticket, ...proof } });
  }
}
