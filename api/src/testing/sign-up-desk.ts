import { expect } from 'vitest';
import { administratorOf, newAddress, nextMail, tokenOf } from './inbox.ts';
import { PASSWORD, type TestServer } from './test-server.ts';

/** What visitors ask about accounts, and the mails that they get. */
export class SignUpDesk {
  readonly #server: TestServer;
  /** Cookies of an administrator, who reads the outbox. */
  readonly administrator: string;

  private constructor(server: TestServer, administrator: string) {
    this.#server = server;
    this.administrator = administrator;
  }

  static async create(server: TestServer): Promise<SignUpDesk> {
    return new SignUpDesk(server, await administratorOf(server));
  }

  post(path: string, body: unknown): Promise<Response> {
    return this.#server.call('POST', `/api/auth/${path}`, { body });
  }

  signUp(parts: object): Promise<Response> {
    return this.post('signup', { role: 'patient', name: 'Pia', password: PASSWORD, ...parts });
  }

  /** @returns the address of a person who has signed up and has a mail */
  async signedUp(parts: object = { dateOfBirth: '1990-02-03' }): Promise<string> {
    const email = newAddress();
    expect((await this.signUp({ email, ...parts })).status).toBe(202);
    await nextMail(this.#server, this.administrator, email);
    return email;
  }

  confirm(token: string, password = PASSWORD): Promise<Response> {
    return this.post('email/confirm', { token, password });
  }

  login(email: string, password = PASSWORD): Promise<Response> {
    return this.post('login', { email, password });
  }

  /** The token in the newest of so many mails to an address. */
  async tokenFor(email: string, mails = 1): Promise<string> {
    return tokenOf(await nextMail(this.#server, this.administrator, email, mails));
  }
}
