import { REFRESH_COOKIE, SESSION_COOKIE } from '../http/cookie.ts';
import { PASSWORD, type Call, type Person, type TestServer } from './test-server.ts';

/** A browser as far as cookies go: keeps what it is given and sends it along. */
export class TestBrowser {
  readonly #server: TestServer;
  readonly #jar = new Map<string, string>();
  readonly #headers: Readonly<Record<string, string>>;

  constructor(server: TestServer, headers: Readonly<Record<string, string>> = {}) {
    this.#server = server;
    this.#headers = headers;
  }

  /** A browser in which that person has signed in. */
  static async signedIn(
    server: TestServer,
    person: Person,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TestBrowser> {
    const browser = new TestBrowser(server, headers);
    const response = await browser.signIn(person.email);
    if (response.status !== 200) throw new Error(`Sign-in was refused: ${await response.text()}`);
    return browser;
  }

  get access(): string {
    return this.#jar.get(SESSION_COOKIE) ?? '';
  }

  get refreshToken(): string {
    return this.#jar.get(REFRESH_COOKIE) ?? '';
  }

  /** The Cookie header. */
  get cookie(): string {
    return [...this.#jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  signIn(email: string, password = PASSWORD): Promise<Response> {
    return this.call('POST', '/api/auth/login', { body: { email, password } });
  }

  refresh(): Promise<Response> {
    return this.call('POST', '/api/auth/refresh');
  }

  /** Another browser with the same cookies: a second tab, or a thief. */
  copy(): TestBrowser {
    const other = new TestBrowser(this.#server, this.#headers);
    for (const [name, value] of this.#jar) other.#jar.set(name, value);
    return other;
  }

  /** The access cookie is gone, as when it has expired. */
  forgetAccess(): void {
    this.forget(SESSION_COOKIE);
  }

  /** A cookie is gone. */
  forget(name: string): void {
    this.#jar.delete(name);
  }

  async call(method: string, path: string, { body, headers }: Omit<Call, 'cookie'> = {}): Promise<Response> {
    const cookie = this.#jar.size === 0 ? undefined : this.cookie;
    const response = await this.#server.call(method, path, { cookie, body, headers: { ...this.#headers, ...headers } });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.#jar.delete(name);
      else this.#jar.set(name, value);
    }
    return response;
  }
}
