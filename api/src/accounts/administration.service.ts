import { ProductError, type AccountStatus, type ManagedAccount, type Role } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { approvedMail } from '../mail/templates/account-mails.ts';
import type {
  AccountLifecycleRepository,
  LifecycleChange,
  ManagedAccountRecord,
} from './account-lifecycle.repository.ts';
import type { Actor } from './actor.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import type { SessionService } from './session.service.ts';

const PAGE_SIZE = 50;
const MAIL_LIFETIME_MS = 7 * 24 * 60 * 60_000;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly lifecycle: AccountLifecycleRepository;
  readonly links: LinkTokenRepository;
  readonly sessions: Pick<SessionService, 'endSessionsIn' | 'announce'>;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** Which accounts an administrator looks for. */
export interface AccountQuery {
  readonly text?: string;
  readonly role?: Role;
  readonly status?: AccountStatus;
  readonly cursor?: string;
}

const instant = (date: Date | null): string | null => date?.toISOString() ?? null;

const toView = (record: ManagedAccountRecord): ManagedAccount => ({
  ...record,
  createdAt: record.createdAt.toISOString(),
  emailConfirmedAt: instant(record.emailConfirmedAt),
  approvedAt: instant(record.approvedAt),
});

/** What administrators do with accounts. Each change, its audit entry and its mail are one transaction. */
export class AdministrationService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AdministrationService {
    return new AdministrationService(parts);
  }

  async search(actor: Actor, query: AccountQuery) {
    const { lifecycle, audit } = this.#parts;
    await audit.record(actor, { action: 'administration', resource: 'account', detail: 'accounts_searched' });
    const { text, role, status, cursor } = query;
    const found = await lifecycle.search({ text, role, status, before: cursor, limit: PAGE_SIZE + 1 });
    const page = found.slice(0, PAGE_SIZE);
    return {
      accounts: page.map(toView),
      nextCursor: found.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Lets a pending doctor work. @throws ProductError `not_found`, `conflict` when the account is not pending */
  async approve(actor: Actor, accountId: string): Promise<ManagedAccount> {
    const { outbox, config, wakeMail, clock } = this.#parts;
    const approved = await this.#change(actor, accountId, 'account_approved', async (account, transaction) => {
      if (account.status !== 'pending') throw new ProductError('conflict');
      const content = approvedMail(account.name, config.publicUrl);
      await outbox.add(account.email, content, MAIL_LIFETIME_MS, transaction);
      return { approvedAt: new Date(clock.now()) };
    });
    wakeMail();
    return toView(approved);
  }

  /**
   * Closes an account: its sessions, open connections and places in calls end, its mailed links are void (A4).
   * @throws ProductError `not_found`; `conflict` for the own account, so that there is always an administrator left
   */
  async disable(actor: Actor, accountId: string): Promise<ManagedAccount> {
    const { sessions, links, clock } = this.#parts;
    if (actor.accountId === accountId) {
      throw new ProductError('conflict', { message: 'You cannot close your own account. Ask another administrator.' });
    }
    let ended: Awaited<ReturnType<SessionService['endSessionsIn']>> = { sessionIds: [] };
    const disabled = await this.#change(actor, accountId, 'account_disabled', async (account, transaction) => {
      await links.void(account.id, ['confirm', 'reset'], transaction);
      ended = await sessions.endSessionsIn(transaction, { accountId: account.id });
      return { disabledAt: account.disabledAt ?? new Date(clock.now()) };
    });
    await sessions.announce(ended);
    return toView(disabled);
  }

  /** Opens a closed account; it is what it was before. @throws ProductError `not_found`, `conflict` when it is not closed */
  async enable(actor: Actor, accountId: string): Promise<ManagedAccount> {
    const enabled = await this.#change(actor, accountId, 'account_enabled', (account) => {
      if (account.status !== 'disabled') throw new ProductError('conflict');
      return Promise.resolve({ disabledAt: null });
    });
    return toView(enabled);
  }

  #change(
    actor: Actor,
    accountId: string,
    detail: string,
    decide: (account: ManagedAccountRecord, transaction: Transaction) => Promise<LifecycleChange>,
  ): Promise<ManagedAccountRecord> {
    const { database, lifecycle, audit } = this.#parts;
    return database.transaction(async (transaction) => {
      const account = await lifecycle.byId(accountId, transaction);
      if (account === undefined) throw new ProductError('not_found');
      const changed = await lifecycle.change(accountId, await decide(account, transaction), transaction);
      const facts = { action: 'administration', resource: 'account', resourceId: accountId, detail } as const;
      await audit.recordIn(transaction, actor, facts);
      return changed;
    });
  }
}
