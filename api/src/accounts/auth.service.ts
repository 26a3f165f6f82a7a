import {
  ProductError,
  type Account,
  type AuthenticatorSetup,
  type Credentials,
  type SignIn,
} from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Database } from '../database/database.ts';
import { throttledNetwork } from '../http/network.ts';
import { currentNetwork } from '../logging/request-context.ts';
import type { AccountRecord, AccountRepository, AccountWithSecret } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { KnownDevices } from './known-devices.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { passwordMarkOf, type Codes, type SecondFactorService } from './second-factor.service.ts';
import type { SessionRecord } from './session.repository.ts';
import type { GivenTokens, Origin, SessionService, SessionTokens } from './session.service.ts';
import type { Attempt, SignInThrottle } from './sign-in-throttle.ts';
import type { Turnstile } from './turnstile.ts';

/** Somebody is signed in, and gets these cookies. */
export interface SignedIn {
  readonly account: Account;
  readonly tokens: SessionTokens;
}

/** The password was right; a second step is needed. */
export type NextStep = Exclude<SignIn, { status: 'signed-in' }>;

/** What somebody has proved besides the password, and the ticket that says that they knew the password. */
interface Proof {
  readonly detail: 'password' | 'second_factor' | 'recovery_code' | 'second_factor_set_up';
  readonly ticket?: string;
}

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly throttle: Pick<SignInThrottle, 'signIn'>;
  readonly devices: Pick<KnownDevices, 'find'>;
  /** Before everything that a sign-in asks of the database and of the hasher. */
  readonly turnstile: Turnstile;
  readonly audit: Audit;
  readonly secondFactor: SecondFactorService;
}

/** An account as its owner sees it. */
export const accountView = ({ id, role, name, email, status, avatarId, timeZone }: AccountRecord): Account => ({
  id,
  role,
  name,
  email,
  status,
  avatarId,
  timeZone,
});

/** Refuses who may not sign in although the password is right. */
function requireMaySignIn({ status }: AccountRecord): void {
  if (status === 'unconfirmed') throw new ProductError('email_unconfirmed');
  if (status === 'disabled') throw new ProductError('account_disabled');
}

const mayUse = ({ status }: AccountRecord): boolean => status === 'active' || status === 'pending';

/** Sign-in, sign-out, and who is behind a session. */
export class AuthService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AuthService {
    return new AuthService(parts);
  }

  /**
   * First step of a sign-in, by e-mail and password: often the only one. A session that the browser had ends (A5).
   * @throws ProductError `signin_wrong`, the same for an unknown address and a wrong password
   * @throws ProductError `rate_limited` after too many attempts, `unavailable` when too many sign in at once
   */
  async login(credentials: Credentials, given: GivenTokens, origin: Origin): Promise<SignedIn | NextStep> {
    const account = await this.#checkPassword(credentials, given);
    const step = await this.#parts.secondFactor.nextStep(account);
    if (step === undefined) return this.#enter(account, { detail: 'password' }, given, origin);
    await this.#auditFirstStep(account, step);
    return step;
  }

  /**
   * Second step, by a code of the authenticator or a recovery code.
   * @throws ProductError `ticket_invalid`, `second_factor_wrong`, `rate_limited`
   */
  async signInWithCode(ticket: string, codes: Codes, given: GivenTokens, origin: Origin): Promise<SignedIn> {
    const { secondFactor } = this.#parts;
    const account = await this.#holderOf(ticket, 'second-factor');
    const device = this.#parts.devices.find(given.device, account.email);
    await secondFactor.prove({ accountId: account.id, role: account.role }, codes, device);
    const detail = codes.code === undefined ? 'recovery_code' : 'second_factor';
    return this.#enter(account, { detail, ticket }, given, origin);
  }

  /** For somebody who must have a second factor and has none. @throws ProductError `ticket_invalid`, `rate_limited` */
  async enrol(ticket: string): Promise<AuthenticatorSetup> {
    const { id, email } = await this.#holderOf(ticket, 'second-factor-setup');
    return this.#parts.secondFactor.begin(id, email);
  }

  /**
   * Switches the second factor on, and signs in.
   * @throws ProductError `ticket_invalid`, `second_factor_wrong`, `rate_limited`
   */
  async confirmEnrolment(
    { ticket, code }: { readonly ticket: string; readonly code: string },
    given: GivenTokens,
    origin: Origin,
  ): Promise<SignedIn & { readonly recoveryCodes: string[] }> {
    const { secondFactor } = this.#parts;
    const account = await this.#holderOf(ticket, 'second-factor-setup');
    const recoveryCodes = await secondFactor.confirm({ ...account, accountId: account.id }, code);
    const entered = await this.#enter(account, { detail: 'second_factor_set_up', ticket }, given, origin);
    return { ...entered, recoveryCodes };
  }

  /**
   * New cookies for a session that goes on. One without a second factor ends once the hospital requires it.
   * @throws ProductError `unauthenticated`; `conflict` when another tab has just done it
   */
  async refresh({ refresh }: GivenTokens, { network }: Origin): Promise<SignedIn> {
    const { accounts, sessions, secondFactor } = this.#parts;
    const { session, tokens } = await sessions.refresh(refresh, network);
    const account = await accounts.byId(session.accountId);
    if (account === undefined || !mayUse(account)) throw new ProductError('unauthenticated');
    if (await secondFactor.isMissing(account)) {
      await sessions.endSessions({ accountId: account.id, only: [session.id] });
      throw new ProductError('unauthenticated');
    }
    return { account: accountView(account), tokens };
  }

  /** Ends the session of a browser for good, and its open connections. Without a session it does nothing. */
  async logout(given: GivenTokens): Promise<void> {
    await this.#parts.sessions.endOf(given);
  }

  /** The account behind an access token as the database knows it now; its role is never taken from the token. */
  async authenticate(accessToken: string | undefined): Promise<Actor | undefined> {
    return this.#actorOf(await this.#parts.sessions.ofAccessToken(accessToken));
  }

  /**
   * The same for a connection that outlives its access token: by the session under which it was opened.
   * Only for ids that the server itself has kept, never for one that a client has sent.
   */
  async authenticateSession(sessionId: string): Promise<Actor | undefined> {
    return this.#actorOf(await this.#parts.sessions.live(sessionId));
  }

  async #holderOf(ticket: string, step: NextStep['status']): Promise<AccountWithSecret> {
    const { accounts, secondFactor } = this.#parts;
    const { accountId, passwordMark } = await secondFactor.holderOf(ticket, step);
    const account = await accounts.withSecretById(accountId);
    const proved = account !== undefined && passwordMarkOf(account.passwordHash) === passwordMark;
    if (!proved || !mayUse(account)) throw new ProductError('ticket_invalid');
    return account;
  }

  /** Works as long for an unknown address as for a wrong password, so that neither answer nor time tells which. */
  async #checkPassword({ email, password }: Credentials, given: GivenTokens): Promise<AccountWithSecret> {
    const { throttle, turnstile, devices } = this.#parts;
    const network = throttledNetwork(currentNetwork());
    // Counted only once it has its place: who is sent away for want of one costs the database and the person nothing.
    return turnstile.pass(async () => {
      const attempt = await throttle.signIn(email, network, devices.find(given.device, email));
      return this.#checkAttempt(attempt, email, password);
    });
  }

  async #checkAttempt(attempt: Attempt, email: string, password: string): Promise<AccountWithSecret> {
    const { accounts, hasher } = this.#parts;
    const found = await accounts.withSecretByEmail(email);
    const matches = await hasher.verify(found?.passwordHash, password);
    if (found === undefined || !matches) return this.#refuse(found);
    await attempt.succeeded();
    if (!mayUse(found)) await this.#auditFailure(found, found.status);
    requireMaySignIn(found);
    return hasher.isOutdated(found.passwordHash) ? this.#renewHash(found, password) : found;
  }

  /** Parameters have risen since this hash was made, and the password is there. */
  async #renewHash(account: AccountWithSecret, password: string): Promise<AccountWithSecret> {
    const { accounts, hasher } = this.#parts;
    const passwordHash = await hasher.hash(password);
    if (await accounts.renewPasswordHash(account.id, account.passwordHash, passwordHash)) {
      return { ...account, passwordHash };
    }
    // Another sign-in was faster, or the password was changed meanwhile.
    const current = await accounts.withSecretById(account.id);
    if (current === undefined || !(await hasher.verify(current.passwordHash, password))) return this.#refuse(current);
    return current;
  }

  async #refuse(account: AccountRecord | undefined): Promise<never> {
    await this.#auditFailure(account, account === undefined ? 'account_unknown' : 'password_wrong');
    throw new ProductError('signin_wrong');
  }

  async #actorOf(session: SessionRecord | undefined): Promise<Actor | undefined> {
    if (session === undefined) return undefined;
    const account = await this.#parts.accounts.byId(session.accountId);
    if (account === undefined || !mayUse(account)) return undefined;
    this.#parts.sessions.used(session);
    const { id: accountId, role, name, email, status, avatarId, timeZone } = account;
    const { id: sessionId, expiresAt: sessionExpiresAt } = session;
    return { accountId, role, name, email, status, avatarId, timeZone, sessionId, sessionExpiresAt };
  }

  /** Opens the session, unless the account was changed since its password was checked; it and its entry are one. */
  async #enter(
    { id, passwordHash }: AccountWithSecret,
    { ticket, detail }: Proof,
    given: GivenTokens,
    origin: Origin,
  ): Promise<SignedIn> {
    const { database, accounts, sessions, secondFactor, audit } = this.#parts;
    await sessions.endOf(given);
    return database.transaction(async (transaction) => {
      const account = await accounts.hold(id, transaction);
      if (account?.passwordHash !== passwordHash || !mayUse(account)) {
        throw new ProductError(ticket === undefined ? 'signin_wrong' : 'ticket_invalid');
      }
      if (ticket !== undefined) await secondFactor.spend(ticket, transaction);
      const { sessionId, tokens } = await sessions.openIn(transaction, id, origin);
      const facts = { action: 'sign-in', resource: 'session', resourceId: sessionId, detail } as const;
      await audit.recordIn(transaction, { accountId: id, role: account.role, sessionId }, facts);
      return { account: accountView(account), tokens };
    });
  }

  /** A password that is tried by somebody without the second factor leaves this entry and no sign-in after it. */
  #auditFirstStep({ id: accountId, role }: AccountRecord, { status }: NextStep): Promise<void> {
    const detail = status === 'second-factor' ? 'second_factor_pending' : 'second_factor_set_up_pending';
    return this.#parts.audit.record({ accountId, role }, { action: 'sign-in', resource: 'session', detail });
  }

  /** The address that was typed is not kept: people type passwords there. */
  #auditFailure(account: AccountRecord | undefined, detail: string): Promise<void> {
    const actor = account === undefined ? undefined : { accountId: account.id, role: account.role };
    return this.#parts.audit.record(actor, { action: 'failure', resource: 'session', outcome: 'refused', detail });
  }
}
