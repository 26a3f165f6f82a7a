import { randomUUID } from 'node:crypto';
import { ProductError, type Account, type Credentials } from '@health-connect/contract';
import type { Clock } from '../clock.ts';
import type { AccountRepository } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { readSessionToken, signSessionToken } from './session-token.ts';
import type { SessionRepository } from './session.repository.ts';

/** How long a sign-in lasts. */
export const SESSION_LIFETIME_MS = 12 * 60 * 60 * 1000;

/** Told when a session has ended, so that its open connections end with it. */
export interface SessionEvents {
  sessionEnded(sessionId: string): void;
}

/** A fresh sign-in. */
export interface SignIn {
  readonly account: Account;
  readonly token: string;
  readonly expiresAt: Date;
}

interface Parts {
  readonly accounts: AccountRepository;
  readonly sessions: SessionRepository;
  readonly hasher: PasswordHasher;
  readonly sessionKey: Buffer;
  readonly clock: Clock;
  readonly events: SessionEvents;
}

/** Sign-in, sign-out, and who is behind a session token. */
export class AuthService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AuthService {
    return new AuthService(parts);
  }

  /**
   * Signs in with e-mail and password. The session that the browser had before ends.
   * @throws ProductError `signin_wrong`, the same for an unknown address and a wrong password
   * @throws ProductError `unavailable` when too many sign in at once
   */
  async login(credentials: Credentials, previousToken: string | undefined): Promise<SignIn> {
    const { accounts, sessions, hasher, sessionKey, clock } = this.#parts;
    const found = await accounts.withSecretByEmail(credentials.email);
    const matches = await hasher.verify(found?.passwordHash, credentials.password);
    if (found === undefined || !matches) throw new ProductError('signin_wrong');
    await this.logout(previousToken);
    const now = clock.now();
    const expiresAt = new Date(now + SESSION_LIFETIME_MS);
    const session = { id: randomUUID(), accountId: found.id, createdAt: new Date(now), expiresAt };
    await sessions.insert(session);
    const token = signSessionToken({ accountId: found.id, sessionId: session.id }, sessionKey, now, expiresAt);
    const { id, role, name, email } = found;
    return { account: { id, role, name, email }, token, expiresAt };
  }

  /** Ends the session of a token for good, and its open connections. Without a session it does nothing. */
  async logout(token: string | undefined): Promise<void> {
    const { sessions, sessionKey, clock, events } = this.#parts;
    const claims = token === undefined ? undefined : readSessionToken(token, sessionKey, clock.now());
    if (claims === undefined) return;
    if (await sessions.remove(claims.sessionId)) events.sessionEnded(claims.sessionId);
  }

  /** The account behind a session token as the database knows it now; its role is never taken from the token. */
  async authenticate(token: string | undefined): Promise<Actor | undefined> {
    const { accounts, sessions, sessionKey, clock } = this.#parts;
    const now = clock.now();
    const claims = token === undefined ? undefined : readSessionToken(token, sessionKey, now);
    if (claims === undefined) return undefined;
    const session = await sessions.live(claims.sessionId, new Date(now));
    if (session === undefined || session.accountId !== claims.accountId) return undefined;
    const account = await accounts.byId(session.accountId);
    if (account === undefined) return undefined;
    const { id, role, name, email } = account;
    return { accountId: id, role, name, email, sessionId: session.id, sessionExpiresAt: session.expiresAt };
  }
}
