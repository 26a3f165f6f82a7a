import { endpoints, ProductError, type Account, type Credentials } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';

/** `unknown` until the server was asked; `expired` keeps the page and asks to sign in over it. */
export type SessionState = 'unknown' | 'signed-out' | 'signed-in' | 'expired';

/** The signed-in account. Survives the loss of a socket (R53); only the server can end it. */
export class Session {
  #account = $state<Account | undefined>();
  #state = $state<SessionState>('unknown');
  #asking = $state(false);
  #signIns = $state(0);
  #renewal: Promise<boolean> | undefined;
  #settleRenewal: ((signedIn: boolean) => void) | undefined;
  #call: ApiCall | undefined;

  static create(): Session {
    return new Session();
  }

  /** The client needs the session for 401 and the session needs the client to sign in: the app joins the two. */
  connect(call: ApiCall): void {
    this.#call = call;
  }

  get account(): Account | undefined {
    return this.#account;
  }

  /** Counts sign-ins: what depends on the cookie, such as the socket, starts anew with each. */
  get signIns(): number {
    return this.#signIns;
  }

  /** Somebody waits for the person to sign in again. */
  get asking(): boolean {
    return this.#asking;
  }

  get state(): SessionState {
    return this.#state;
  }

  /** Asks the server who is signed in. Throws when there is no answer. */
  async load(): Promise<void> {
    try {
      const { account } = await this.#api()(endpoints.auth.me, {});
      this.#enter(account);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'unauthenticated') throw error;
      this.#state = 'signed-out';
    }
  }

  /** Signs in. Throws `signin_wrong` without saying which part was wrong. */
  async signIn(credentials: Credentials): Promise<void> {
    const { account } = await this.#api()(endpoints.auth.login, { body: credentials });
    const other = this.#account !== undefined && this.#account.id !== account.id;
    this.#enter(account);
    // Someone else's page must not stay on the screen.
    if (other) location.assign('/');
  }

  async signOut(): Promise<void> {
    await this.#api()(endpoints.auth.logout, {});
    this.#leave();
  }

  /** The server said that the sign-in ended: asks the person, and answers whether they signed in again. */
  renew(): Promise<boolean> {
    if (this.#state !== 'signed-in' && this.#state !== 'expired') return Promise.resolve(false);
    this.#state = 'expired';
    this.#asking = true;
    this.#renewal ??= new Promise((resolve) => (this.#settleRenewal = resolve));
    return this.#renewal;
  }

  /** The server ended the sign-in; nobody waits for it yet, so a running call goes on undisturbed. */
  markEnded(): void {
    if (this.#state === 'signed-in') this.#state = 'expired';
  }

  /** The person does not want to sign in again. */
  giveUp(): void {
    this.#leave();
  }

  #enter(account: Account): void {
    this.#account = account;
    this.#state = 'signed-in';
    this.#signIns += 1;
    this.#settle(true);
  }

  #leave(): void {
    this.#account = undefined;
    this.#state = 'signed-out';
    this.#settle(false);
  }

  #settle(signedIn: boolean): void {
    this.#asking = false;
    this.#settleRenewal?.(signedIn);
    this.#renewal = undefined;
  }

  #api(): ApiCall {
    if (this.#call === undefined) throw new Error('The session is not connected to the api client');
    return this.#call;
  }
}
