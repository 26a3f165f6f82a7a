import { ProductError } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Database } from '../database/database.ts';
import { requireCan } from '../policy/policy.ts';
import { administrationOf } from './administration-facts.ts';
import { requireActing } from './acting-administrator.ts';
import type { AccountRepository } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { SessionSelection } from './session.repository.ts';
import type { SessionRecord, SessionService } from './session.service.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly sessions: Pick<SessionService, 'list' | 'endSessionsIn' | 'announce'>;
  readonly audit: Audit;
}

/** Where other people are signed in, for administrators. Each look and each end is part of the trail. */
export class AccountSessionsService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AccountSessionsService {
    return new AccountSessionsService(parts);
  }

  /** Last used first. @throws ProductError `not_found`, `forbidden` */
  async list(actor: Actor, accountId: string): Promise<SessionRecord[]> {
    const { database, sessions, accounts, audit } = this.#parts;
    const account = await accounts.byId(accountId);
    if (account === undefined) throw new ProductError('not_found');
    await database.transaction(async (transaction) => {
      await requireActing(accounts, actor, transaction);
      await audit.recordIn(transaction, actor, administrationOf(account, 'sessions_listed'));
    });
    return sessions.list(accountId);
  }

  /** Signs one device out. @throws ProductError `not_found`, `forbidden` */
  async endOne(actor: Actor, accountId: string, sessionId: string): Promise<void> {
    const ended = await this.#end(actor, { accountId, only: [sessionId] }, 'session_ended');
    if (ended === 0) throw new ProductError('not_found');
  }

  /** Signs every device out; of the own ones the one that asks stays. @returns how many. @throws ProductError `not_found` */
  async endAll(actor: Actor, accountId: string): Promise<number> {
    return this.#end(actor, { accountId, except: actor.sessionId }, 'sessions_ended');
  }

  async #end(actor: Actor, which: SessionSelection, detail: string): Promise<number> {
    const { database, accounts, sessions, audit } = this.#parts;
    requireCan(actor, 'session.end', { ownerId: which.accountId });
    const account = await accounts.byId(which.accountId);
    if (account === undefined) throw new ProductError('not_found');
    const ended = await database.transaction(async (transaction) => {
      await requireActing(accounts, actor, transaction);
      const result = await sessions.endSessionsIn(transaction, which, actor);
      if (result.sessionIds.length > 0) await audit.recordIn(transaction, actor, administrationOf(account, detail));
      return result;
    });
    await sessions.announce(ended);
    return ended.sessionIds.length;
  }
}
