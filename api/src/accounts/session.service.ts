import { createSecretKey, randomUUID, type KeyObject } from 'node:crypto';
import { ProductError, type Device } from '@health-connect/contract';
import type { AuditActor } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { Logger } from '../logging/logger.ts';
import type { AccountRepository } from './account.repository.ts';
import {
  newRefreshToken,
  openSuccessor,
  readRefreshToken,
  refreshTokenHash,
  sealSuccessor,
  type RefreshToken,
} from './refresh-token.ts';
import { readSessionToken, signSessionToken } from './session-token.ts';
import type { SessionRecord, SessionRepository, SessionSelection } from './session.repository.ts';

export type { SessionRecord } from './session.repository.ts';

const MINUTE_MS = 60_000;
/** A sign-in that is not used for so long ends. */
export const SESSION_LIFETIME_MS = 7 * 24 * 60 * MINUTE_MS;
/** How long an access token is good without asking for a new one. */
export const ACCESS_LIFETIME_MS = 12 * MINUTE_MS;
/** For so long a second tab may present the refresh token that the first one has just renewed. */
export const REFRESH_GRACE_MS = 5000;

/** Use of a session is noted this often at most. */
export const USE_SPACING_MS = MINUTE_MS;

/** Told when a session has ended, so that its open connections end with it. */
export interface SessionEvents {
  sessionEnded(sessionId: string): void;
}

/** Places in calls that were given to sessions: they end with them. */
export interface SessionPlaces {
  /** Notes that the media node must remove whom these sessions have brought in. @returns the rooms */
  orderRemovals(sessionIds: readonly string[], transaction?: Transaction): Promise<string[]>;
  /** Tells the media node now; what cannot be told is told later. */
  deliver(roomIds: readonly string[]): Promise<void>;
}

/** What a browser gets: both cookies and when they end. */
export interface SessionTokens {
  readonly access: { readonly token: string; readonly expiresAt: Date };
  readonly refresh: { readonly token: string; readonly expiresAt: Date };
}

/** The cookies that a request brought. */
export interface GivenTokens {
  readonly access: string | undefined;
  readonly refresh: string | undefined;
  /** Marks of the people who have signed in there before, see `KnownDevices`. */
  readonly device?: string | undefined;
}

/** From where a session is used. */
export interface Origin {
  readonly device: Device;
  readonly network: string | null;
}

/** Sessions that a transaction has ended; `announce` makes it felt once the transaction is committed. */
export interface EndedSessions {
  readonly sessionIds: readonly string[];
}

interface Parts {
  readonly accounts: Pick<AccountRepository, 'byId'>;
  readonly database: Pick<Database, 'transaction'>;
  readonly sessions: SessionRepository;
  readonly places: SessionPlaces;
  /** Sign-ins that wait for their second step. */
  readonly factors: { removeTickets(accountId: string, transaction: Transaction): Promise<void> };
  readonly audit: Audit;
  readonly events: SessionEvents;
  readonly sessionKey: Buffer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Sign-ins: their tokens, their renewal, and the one place where they end. */
export class SessionService {
  readonly #parts: Parts;
  /** As bytes it would be read anew for each request, which costs more than checking the token. */
  readonly #tokenKey: KeyObject;
  /** Sessions whose use is just being noted. */
  readonly #noting = new Set<string>();

  private constructor(parts: Parts) {
    this.#parts = parts;
    this.#tokenKey = createSecretKey(parts.sessionKey);
  }

  static create(parts: Parts): SessionService {
    return new SessionService(parts);
  }

  /**
   * Opens a session in the transaction that has made sure who it is for. Always a new one: what a browser brought
   * before is never taken over (A5).
   */
  async openIn(
    transaction: Transaction,
    accountId: string,
    { device, network }: Origin,
  ): Promise<{ sessionId: string; tokens: SessionTokens }> {
    const { sessions, sessionKey, clock } = this.#parts;
    const now = new Date(clock.now());
    const expiresAt = new Date(now.getTime() + SESSION_LIFETIME_MS);
    const id = randomUUID();
    const refresh = newRefreshToken({ sessionId: id, generation: 0 }, sessionKey);
    const refreshHash = refreshTokenHash(refresh);
    const session = { id, accountId, createdAt: now, lastUsedAt: now, expiresAt, device };
    await sessions.insert({ ...session, network, refreshHash }, transaction);
    return { sessionId: id, tokens: this.#tokens(session, refresh) };
  }

  /**
   * Exchanges a refresh token for new tokens (RFC 9700, 4.14.2). A token that was exchanged before ends the session,
   * except for a second tab that was just as fast: it gets the same successor, once.
   * @throws ProductError `unauthenticated`; `conflict` for further tabs of the race, whose browser has the new cookies
   */
  async refresh(
    token: string | undefined,
    network: string | null,
  ): Promise<{ session: SessionRecord; tokens: SessionTokens }> {
    const { sessions, sessionKey, clock } = this.#parts;
    const given = token === undefined ? undefined : readRefreshToken(token, sessionKey);
    if (token === undefined || given === undefined) throw new ProductError('unauthenticated');
    const now = new Date(clock.now());
    const successor = newRefreshToken({ ...given, generation: given.generation + 1 }, sessionKey);
    const session = await sessions.renew(given.sessionId, refreshTokenHash(token), {
      refreshHash: refreshTokenHash(successor),
      sealedSuccessor: sealSuccessor(successor, token),
      now,
      graceUntil: new Date(now.getTime() + REFRESH_GRACE_MS),
      expiresAt: new Date(now.getTime() + SESSION_LIFETIME_MS),
      network,
    });
    if (session !== undefined) return { session, tokens: this.#tokens(session, successor) };
    return this.#refreshAgain(token, given, now);
  }

  /** The live session of an access token; expired, foreign and forged tokens have none. */
  async ofAccessToken(token: string | undefined): Promise<SessionRecord | undefined> {
    const { clock } = this.#parts;
    const claims = token === undefined ? undefined : readSessionToken(token, this.#tokenKey, clock.now());
    if (claims === undefined) return undefined;
    const session = await this.live(claims.sessionId);
    return session?.accountId === claims.accountId ? session : undefined;
  }

  /** A session by its id, while it is good. */
  live(sessionId: string): Promise<SessionRecord | undefined> {
    const { sessions, clock } = this.#parts;
    return sessions.live(sessionId, new Date(clock.now()));
  }

  /**
   * A request or a socket has used this session: its owner sees on which device, and when. Written at most once a
   * minute, and nobody waits for it.
   */
  used({ id, lastUsedAt }: SessionRecord): void {
    const { sessions, clock, logger } = this.#parts;
    const now = clock.now();
    if (now - lastUsedAt.getTime() < USE_SPACING_MS || this.#noting.has(id)) return;
    this.#noting.add(id);
    sessions
      .touch(id, new Date(now), new Date(now - USE_SPACING_MS))
      .catch((error: unknown) => logger.warn({ err: error }, 'The last use of a session could not be noted'))
      .finally(() => this.#noting.delete(id));
  }

  /** Where an account is signed in, last used first. */
  list(accountId: string): Promise<SessionRecord[]> {
    const { sessions, clock } = this.#parts;
    return sessions.liveOf(accountId, new Date(clock.now()));
  }

  /** Ends the session that a browser's cookies belong to; either of them is enough. Without one it does nothing. */
  async endOf({ access, refresh }: GivenTokens): Promise<void> {
    const { sessionKey, clock } = this.#parts;
    const fromAccess = access === undefined ? undefined : readSessionToken(access, this.#tokenKey, clock.now());
    const fromRefresh = refresh === undefined ? undefined : readRefreshToken(refresh, sessionKey);
    for (const id of new Set([fromAccess?.sessionId, fromRefresh?.sessionId])) {
      const session = id === undefined ? undefined : await this.live(id);
      if (session !== undefined) await this.endSessions({ accountId: session.accountId, only: [session.id] });
    }
  }

  /**
   * Ends sessions of an account everywhere: requests at once, sockets and places in calls within 5 s (A4).
   * The one way to end sessions: sign-out, a revoked device, a disabled account, a changed role or password.
   * @returns how many there were
   */
  async endSessions(which: SessionSelection): Promise<number> {
    const ended = await this.#parts.database.transaction((transaction) => this.endSessionsIn(transaction, which));
    await this.announce(ended);
    return ended.sessionIds.length;
  }

  /**
   * The same as part of a larger change. Call `announce` with the result once the transaction is committed.
   * @param by who ends them, when it is not the one whose they are
   */
  async endSessionsIn(transaction: Transaction, which: SessionSelection, by?: AuditActor): Promise<EndedSessions> {
    const { accounts, sessions, places, factors, audit } = this.#parts;
    const { accountId } = which;
    const sessionIds = await sessions.remove(which, transaction);
    if (which.only === undefined) await factors.removeTickets(accountId, transaction);
    // Kept with the change, so that the media node is told also when this process ends right after it.
    await places.orderRemovals(sessionIds, transaction);
    const role = sessionIds.length === 0 ? undefined : (await accounts.byId(accountId))?.role;
    for (const sessionId of sessionIds) {
      const facts = { action: 'sign-out', resource: 'session', resourceId: sessionId } as const;
      if (by === undefined) await audit.recordIn(transaction, { accountId, role: role ?? null, sessionId }, facts);
      else await audit.recordIn(transaction, by, { ...facts, detail: `of:${accountId}` });
    }
    return { sessionIds };
  }

  /** Closes the sockets of ended sessions and takes them out of calls. */
  async announce({ sessionIds }: EndedSessions): Promise<void> {
    const { events, places } = this.#parts;
    for (const id of sessionIds) events.sessionEnded(id);
    // Asked again: a place may have been given while the transaction ran. Later ones find that the session is gone.
    await places.deliver(await places.orderRemovals(sessionIds));
  }

  async #refreshAgain(
    token: string,
    given: RefreshToken,
    now: Date,
  ): Promise<{ session: SessionRecord; tokens: SessionTokens }> {
    const { sessions } = this.#parts;
    const hash = refreshTokenHash(token);
    const grace = await sessions.useGrace(given.sessionId, hash, now);
    if (grace !== undefined) {
      const { session, sealedSuccessor } = grace;
      return { session, tokens: this.#tokens(session, openSuccessor(sealedSuccessor, token)) };
    }
    const since = new Date(now.getTime() - REFRESH_GRACE_MS);
    if (await sessions.wasRenewedSince(given.sessionId, hash, since)) throw new ProductError('conflict');
    const session = await this.live(given.sessionId);
    if (session !== undefined) await this.#endReplayed(session);
    throw new ProductError('unauthenticated');
  }

  /** Somebody has a copy of the cookies: the thief and the robbed are both out (A3). */
  async #endReplayed({ id, accountId }: SessionRecord): Promise<void> {
    const { database, audit } = this.#parts;
    const ended = await database.transaction(async (transaction) => {
      const facts = { action: 'failure', resource: 'session', resourceId: id, outcome: 'refused' } as const;
      await audit.recordIn(transaction, { accountId, role: null }, { ...facts, detail: 'refresh_token_replayed' });
      return this.endSessionsIn(transaction, { accountId, only: [id] });
    });
    await this.announce(ended);
  }

  #tokens({ id, accountId, expiresAt }: SessionRecord, refresh: string): SessionTokens {
    const { clock } = this.#parts;
    const now = clock.now();
    const accessExpiresAt = new Date(Math.min(now + ACCESS_LIFETIME_MS, expiresAt.getTime()));
    const access = signSessionToken({ accountId, sessionId: id }, this.#tokenKey, now, accessExpiresAt);
    return {
      access: { token: access, expiresAt: accessExpiresAt },
      refresh: { token: refresh, expiresAt },
    };
  }
}
