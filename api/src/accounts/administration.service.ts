import { ProductError, type AccountStatus, type ManagedAccount, type Role } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { approvedMail, roleChangedMail, secondFactorResetMail } from '../mail/templates/account-mails.ts';
import type { MailContent } from '../mail/message.ts';
import type { DoctorNews } from '../doctors/doctor-news.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type {
  AccountLifecycleRepository,
  LifecycleChange,
  ManagedAccountRecord,
} from './account-lifecycle.repository.ts';
import type { AccountRepository } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { InvitationRepository } from './invitation.repository.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import { insertProfile } from './new-account.ts';
import { administrationOf } from './administration-facts.ts';
import { requireActing } from './acting-administrator.ts';
import type { SecondFactorRepository } from './second-factor.repository.ts';
import type { EndedSessions, SessionService } from './session.service.ts';

const PAGE_SIZE = 50;
const MAIL_LIFETIME_MS = 7 * 24 * 60 * 60_000;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly factors: SecondFactorRepository;
  readonly invitations: InvitationRepository;
  readonly links: LinkTokenRepository;
  readonly sessions: Pick<SessionService, 'endSessionsIn' | 'announce'>;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
  readonly audit: Audit;
  readonly doctorNews: DoctorNews;
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

const toView = (record: ManagedAccountRecord, secondFactor: boolean): ManagedAccount => ({
  ...record,
  secondFactor,
  createdAt: record.createdAt.toISOString(),
  emailConfirmedAt: instant(record.emailConfirmedAt),
  approvedAt: instant(record.approvedAt),
});

/** What becomes of an account, and the sessions that end with it. */
interface Decision {
  /** `undefined`: it is as it is wanted already, and there is nothing to record. */
  readonly change: LifecycleChange | undefined;
  readonly ended?: EndedSessions;
}

const NOTHING_ENDED: EndedSessions = { sessionIds: [] };

function requireOther(actor: Actor, accountId: string, message: string): void {
  if (actor.accountId === accountId) throw new ProductError('conflict', { message });
}

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
    const { lifecycle, factors, audit } = this.#parts;
    requireCan(actor, 'accounts.administer', undefined);
    await audit.record(actor, { action: 'administration', resource: 'account', detail: 'accounts_searched' });
    const { text, role, status, cursor } = query;
    const found = await lifecycle.search({ text, role, status, before: cursor, limit: PAGE_SIZE + 1 });
    const page = found.slice(0, PAGE_SIZE);
    const secured = await factors.confirmedAmong(page.map(({ id }) => id));
    return {
      accounts: page.map((account) => toView(account, secured.has(account.id))),
      nextCursor: found.length > PAGE_SIZE ? (page.at(-1)?.id ?? null) : null,
    };
  }

  /** Lets a pending doctor work. @throws ProductError `not_found`, `conflict` when the account is not pending */
  approve(actor: Actor, accountId: string): Promise<ManagedAccount> {
    const { config, clock } = this.#parts;
    return this.#change(actor, accountId, 'account_approved', async (account, transaction) => {
      if (account.status !== 'pending') throw new ProductError('conflict');
      await this.#tell(account, approvedMail(account.name, config.publicUrl), transaction);
      return { change: { approvedAt: new Date(clock.now()) } };
    });
  }

  /**
   * Closes an account: its sessions, open connections and places in calls end, its mailed links are void (A4), and what
   * is to come of it is called off within seconds (`ClosedAccounts`).
   * @throws ProductError `not_found`; `conflict` for the own account, so that there is always an administrator left
   */
  disable(actor: Actor, accountId: string): Promise<ManagedAccount> {
    requireOther(actor, accountId, 'You cannot close your own account. Ask another administrator.');
    return this.#change(actor, accountId, 'account_disabled', async (account, transaction) => ({
      ended: await this.#shutOut(actor, accountId, transaction),
      change: { disabledAt: account.disabledAt ?? new Date(this.#parts.clock.now()), leaving: true },
    }));
  }

  /** Opens a closed account; what was called off stays so. @throws ProductError `not_found`, `conflict` when it is not closed */
  enable(actor: Actor, accountId: string): Promise<ManagedAccount> {
    return this.#change(actor, accountId, 'account_enabled', (account) => {
      if (account.status !== 'disabled') throw new ProductError('conflict');
      // What is left of a former role has still to be called off.
      return Promise.resolve({ change: { disabledAt: null, leaving: true } });
    });
  }

  /**
   * Gives an account another role; everything that was open under the old one ends (A4), and what is to come of it under
   * the old one is called off (`ClosedAccounts`). Who becomes a doctor waits for approval like any other.
   * @throws ProductError `not_found`; `conflict` for the own account and for one that cannot sign in
   */
  changeRole(actor: Actor, accountId: string, role: Role): Promise<ManagedAccount> {
    requireOther(actor, accountId, 'You cannot change your own role. Ask another administrator.');
    return this.#change(actor, accountId, `role_changed:${role}`, async (account, transaction) => {
      if (account.status !== 'active' && account.status !== 'pending') throw new ProductError('conflict');
      if (account.role === role) return { change: undefined };
      await insertProfile(this.#parts, { id: accountId, role }, transaction);
      await this.#tell(account, roleChangedMail(account.name, role, this.#parts.config.publicUrl), transaction);
      return {
        ended: await this.#shutOut(actor, accountId, transaction),
        change: { role, approvedAt: null, leaving: true },
      };
    });
  }

  /**
   * Takes the second factor off an account whose owner has lost it; its sessions end.
   * @throws ProductError `not_found`; `conflict` for the own account and for one without a second factor
   */
  resetSecondFactor(actor: Actor, accountId: string): Promise<ManagedAccount> {
    const { factors, config } = this.#parts;
    requireOther(actor, accountId, 'You cannot reset your own second step. Ask another administrator.');
    return this.#change(actor, accountId, 'second_factor_reset', async (account, transaction) => {
      if (!(await factors.remove(accountId, transaction))) throw new ProductError('conflict');
      await this.#tell(account, secondFactorResetMail(account.name, config.publicUrl), transaction);
      return { ended: await this.#shutOut(actor, accountId, transaction), change: {} };
    });
  }

  /** Ends what an account has open: its sessions, its mailed links, and the invitations that it has made. */
  async #shutOut(actor: Actor, accountId: string, transaction: Transaction): Promise<EndedSessions> {
    const { sessions, links, invitations } = this.#parts;
    await links.void(accountId, ['confirm', 'reset'], transaction);
    await invitations.removeBy(accountId, transaction);
    return sessions.endSessionsIn(transaction, { accountId }, actor);
  }

  async #tell({ email }: ManagedAccountRecord, content: MailContent, transaction: Transaction): Promise<void> {
    await this.#parts.outbox.add(email, content, MAIL_LIFETIME_MS, transaction);
  }

  async #change(
    actor: Actor,
    accountId: string,
    detail: string,
    decide: (account: ManagedAccountRecord, transaction: Transaction) => Promise<Decision>,
  ): Promise<ManagedAccount> {
    const { database, accounts, lifecycle, factors, sessions, audit, wakeMail } = this.#parts;
    const { changed, ended } = await database.transaction(async (transaction) => {
      await requireActing(accounts, actor, transaction);
      const account = await lifecycle.byId(accountId, transaction);
      if (account === undefined) throw new ProductError('not_found');
      const decision = await decide(account, transaction);
      if (decision.change === undefined) return { changed: account, ended: NOTHING_ENDED };
      await audit.recordIn(transaction, actor, administrationOf(account, detail));
      return {
        changed: await lifecycle.change(accountId, decision.change, transaction),
        ended: decision.ended ?? NOTHING_ENDED,
      };
    });
    await sessions.announce(ended);
    this.#parts.doctorNews.doctorChanged(accountId);
    wakeMail();
    return toView(changed, (await factors.confirmedAmong([accountId])).has(accountId));
  }
}
