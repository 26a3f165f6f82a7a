import {
  type Account,
  authEndpoints,
  type AuthenticatorSetup,
  type Credentials,
  type Endpoint,
  ProductError,
  secondFactorEndpoints,
} from '@health-connect/contract';
import { forgetDrafts } from '../account/form-drafts.ts';
import type { ApiCall } from '../api/client.ts';
import type { SessionNews } from './session-tabs.ts';

/**
 * `unknown` until the server was asked; `expired` keeps the page and asks to sign in over it; `left` when the page
 * belonged to somebody who is not signed in here any more: it shows nothing, sends nothing and is loaded anew.
 */
export type SessionState = 'unknown' | 'signed-out' | 'signed-in' | 'expired' | 'left';

interface SessionOptions {
  /** Loads the app anew: nothing of the one who was signed in may stay, in sight or in memory. */
  readonly leavePage: () => void;
  /** Tells the other tabs. */
  readonly tell: (news: SessionNews) => void;
}

/** What is missing after the right password: a code, or first an authenticator to get codes from. */
export type SignInStep = 'second-factor' | 'second-factor-setup';

/** A code of the authenticator, or one of the recovery codes. */
export type SecondFactorAnswer = { readonly code: string } | { readonly recoveryCode: string };

/** The signed-in account. Survives the loss of a socket (R53); only the server can end it. */
export class Session {
  #account = $state<Account | undefined>();
  /** Who was signed in before on this page: what the app remembers is theirs. */
  #before: string | undefined;
  #state = $state<SessionState>('unknown');
  #asking = $state(false);
  #joining = false;
  #signIns = $state(0);
  #renewal: Promise<boolean> | undefined;
  #settleRenewal: ((signedIn: boolean) => void) | undefined;
  #call: ApiCall | undefined;
  #stepTookTooLong = $state(false);
  #step = $state.raw<{ readonly kind: SignInStep; readonly ticket: string } | undefined>();

  readonly #options: SessionOptions;

  private constructor(options: SessionOptions) {
    this.#options = options;
  }

  static create(options: SessionOptions): Session {
    return new Session(options);
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

  /**
   * The account that a request is made for, `undefined` for a visitor's. Throws `account_changed` on a page that was
   * left, and `unauthenticated` for what only somebody signed in could want: cookies are shared by all tabs, so it would
   * go out in the name of whoever has signed in elsewhere.
   */
  speaker({ access }: Pick<Endpoint, 'access'>): string | undefined {
    if (this.#state === 'left') throw new ProductError('account_changed');
    const needsAccount = access.kind === 'signed-in' || access.kind === 'roles';
    if (this.#state === 'signed-out' && needsAccount && !this.#joining) throw new ProductError('unauthenticated');
    return this.#account?.id;
  }

  /** Asks the server who is signed in. Throws when there is no answer, and `account_changed` as `recognise` does. */
  async load(): Promise<void> {
    try {
      const { account } = await this.#api()(authEndpoints.me, {});
      this.recognise(account);
      this.#enter(account);
    } catch (error) {
      if (!(error instanceof ProductError) || error.code !== 'unauthenticated') throw error;
      if (this.#state === 'unknown') this.#state = 'signed-out';
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

  /** Signs out, here and in every other tab, and leaves the page. */
  async signOut(): Promise<void> {
    await this.#api()(authEndpoints.logout, {});
    this.#options.tell({ kind: 'signed-out' });
    this.leave();
  }

  /** Compares the account behind the cookie with the one on the screen. Throws `account_changed`, the page being left. */
  recognise(account: Account): void {
    if (!this.#isOther(account.id)) return;
    this.leave();
    throw new ProductError('account_changed');
  }

  /** What happened in another tab of this browser. */
  hear(news: SessionNews): void {
    if (this.#account === undefined) {
      if (news.kind === 'signed-in') void this.#join();
      return;
    }
    if (news.kind === 'signed-out' || this.#isOther(news.accountId)) this.leave();
    else if (this.#state === 'expired') this.#enter(this.#account);
  }

  /** The account on the screen is not signed in here any more, and somebody else may be: nothing of it may stay. */
  leave(): void {
    if (this.#state === 'left') return;
    this.#account = undefined;
    this.#step = undefined;
    this.#state = 'left';
    this.#settle(false);
    this.#options.leavePage();
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

  /** The person does not want to sign in again on this page. */
  giveUp(): void {
    this.#before = this.#account?.id;
    this.#account = undefined;
    this.#state = 'signed-out';
    this.#settle(false);
  }

  /** Somebody has signed in in another tab: this one, which nobody has, is theirs, too. */
  async #join(): Promise<void> {
    if (this.#state !== 'signed-out') return;
    this.#joining = true;
    // Whether it may be asked is looked at here and now.
    const asked = this.load();
    this.#joining = false;
    await asked.catch(() => undefined);
  }

  #enterAnew(account: Account): void {
    this.#step = undefined;
    this.#options.tell({ kind: 'signed-in', accountId: account.id });
    // Before anything that waits goes on: it was wanted by the one before, and would be sent in the name of this one.
    if (this.#isOther(account.id)) this.leave();
    else this.#enter(account);
  }

  #isOther(accountId: string): boolean {
    const shown = this.#account?.id ?? this.#before;
    return shown !== undefined && shown !== accountId;
  }

  #ticket(): string {
    if (this.#step === undefined) throw new ProductError('ticket_invalid');
    return this.#step.ticket;
  }

  #enter(account: Account): void {
    this.#account = account;
    this.#state = 'signed-in';
    this.#signIns += 1;
    // What the one before has typed in this tab is not for this one.
    forgetDrafts(account.id);
    this.#settle(true);
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
