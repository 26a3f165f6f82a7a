import {
  type Account,
  authEndpoints,
  type AuthenticatorSetup,
  type Credentials,
  ProductError,
  secondFactorEndpoints,
} from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';

/** `unknown` until the server was asked; `expired` keeps the page and asks to sign in over it. */
export type SessionState = 'unknown' | 'signed-out' | 'signed-in' | 'expired';

/** What is missing after the right password: a code, or first an authenticator to get codes from. */
export type SignInStep = 'second-factor' | 'second-factor-setup';

/** A code of the authenticator, or one of the recovery codes. */
export type SecondFactorAnswer = { readonly code: string } | { readonly recoveryCode: string };

/** The signed-in account. Survives the loss of a socket (R53); only the server can end it. */
export class Session {
  #account = $state<Account | undefined>();
  #state = $state<SessionState>('unknown');
  #asking = $state(false);
  #signIns = $state(0);
  #renewal: Promise<boolean> | undefined;
  #settleRenewal: ((signedIn: boolean) => void) | undefined;
  #call: ApiCall | undefined;
  #stepTookTooLong = $state(false);
  #step = $state.raw<{ readonly kind: SignInStep; readonly ticket: string } | undefined>();

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

  /** The step that the sign-in under way still needs. */
  get step(): SignInStep | undefined {
    return this.#step?.kind;
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
      const { account } = await this.#api()(authEndpoints.me, {});
      this.#enter(account);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'unauthenticated') throw error;
      this.#state = 'signed-out';
    }
  }

  /** Signs in, or leaves a `step` to do. Throws `signin_wrong` without saying which part was wrong. */
  async signIn(credentials: Credentials): Promise<void> {
    const answer = await this.#api()(authEndpoints.login, { body: credentials });
    this.#stepTookTooLong = false;
    if (answer.status === 'signed-in') this.#enterAnew(answer.account);
    else this.#step = { kind: answer.status, ticket: answer.ticket };
  }

  /** Second step. Throws `second_factor_wrong`, and `ticket_invalid` when it took too long: then start again. */
  async answerStep(answer: SecondFactorAnswer): Promise<void> {
    const body = { ticket: this.#ticket(), ...answer };
    const { account } = await this.#api()(secondFactorEndpoints.signIn, { body });
    this.#enterAnew(account);
  }

  /** The secret of a new authenticator, for an account that must have one. */
  async enrol(): Promise<AuthenticatorSetup> {
    return this.#api()(secondFactorEndpoints.enrol, { body: { ticket: this.#ticket() } });
  }

  /** Proves the new authenticator. The recovery codes are shown before the person goes in by `enter()`. */
  async confirmEnrolment(code: string): Promise<{ readonly recoveryCodes: readonly string[]; enter(): void }> {
    const body = { ticket: this.#ticket(), code };
    const { account, recoveryCodes } = await this.#api()(secondFactorEndpoints.confirmEnrolment, { body });
    return { recoveryCodes, enter: () => this.#enterAnew(account) };
  }

  /** Back to email and password; `tookTooLong` tells the person why. */
  leaveStep(tookTooLong = false): void {
    this.#step = undefined;
    this.#stepTookTooLong = tookTooLong;
  }

  get stepTookTooLong(): boolean {
    return this.#stepTookTooLong;
  }

  /** The own name or picture changed. */
  update(change: Partial<Pick<Account, 'name' | 'avatarId'>>): void {
    if (this.#account !== undefined) this.#account = { ...this.#account, ...change };
  }

  async signOut(): Promise<void> {
    await this.#api()(authEndpoints.logout, {});
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

  #enterAnew(account: Account): void {
    const other = this.#account !== undefined && this.#account.id !== account.id;
    this.#step = undefined;
    this.#enter(account);
    // Someone else's page must not stay on the screen.
    if (other) location.assign('/');
  }

  #ticket(): string {
    if (this.#step === undefined) throw new ProductError('ticket_invalid');
    return this.#step.ticket;
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
