import { ProductError } from '@health-connect/contract';
import type { AuditActor } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { passwordChangedMail } from '../mail/templates/account-mails.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import type { AccountRepository, AccountWithSecret } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { requireGoodPassword } from './password-policy.ts';
import type { SessionService } from './session.service.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly lifecycle: Pick<AccountLifecycleRepository, 'setPasswordHash'>;
  readonly links: Pick<LinkTokenRepository, 'void'>;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly throttle: Pick<SignInThrottle, 'confirmation'>;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
}

const MAIL_LIFETIME_MS = 24 * 60 * 60_000;

export interface PasswordChange {
  readonly currentPassword: string;
  readonly newPassword: string;
}

/** The password of somebody who is signed in. */
export class PasswordService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): PasswordService {
    return new PasswordService(parts);
  }

  /**
   * Sets a new password. Every other session of the account ends, and mailed links to set one are void, in the same
   * transaction (A4).
   * @throws ProductError `password_wrong`, `password_common`, `rate_limited`, `unavailable`
   */
  async change(actor: Actor, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const { database, accounts, lifecycle, links, sessions, hasher, outbox, wakeMail, audit, config } = this.#parts;
    const { passwordHash: confirmedHash } = await this.confirm(actor, currentPassword);
    requireGoodPassword(newPassword, actor);
    const passwordHash = await hasher.hash(newPassword);
    const ended = await database.transaction(async (transaction) => {
      const account = await accounts.hold(actor.accountId, transaction);
      // Set anew meanwhile, perhaps by the one whose account it is.
      if (account?.passwordHash !== confirmedHash) throw new ProductError('password_wrong');
      await lifecycle.setPasswordHash(account.id, passwordHash, transaction);
      // Who wanted one may be who made this change necessary.
      await links.void(account.id, ['reset'], transaction);
      const content = passwordChangedMail(account.name, config.publicUrl);
      await outbox.add(account.email, content, MAIL_LIFETIME_MS, transaction);
      const facts = { action: 'change', resource: 'account', resourceId: account.id } as const;
      await audit.recordIn(transaction, actor, { ...facts, detail: 'password_changed' });
      return sessions.endSessionsIn(transaction, { accountId: actor.accountId, except: actor.sessionId });
    });
    await sessions.announce(ended);
    wakeMail();
  }

  /**
   * Makes sure that it is really the person who is at the device, before something grave. Nobody need be signed in.
   * @throws ProductError `password_wrong`, `rate_limited`, `unavailable`
   */
  async confirm(actor: AuditActor, password: string): Promise<AccountWithSecret> {
    const { accounts, hasher, throttle, audit } = this.#parts;
    const attempt = await throttle.confirmation(actor.accountId);
    const account = await accounts.withSecretById(actor.accountId);
    const matches = await hasher.verify(account?.passwordHash, password);
    if (account === undefined || !matches) {
      const facts = {
        action: 'failure',
        resource: 'account',
        resourceId: actor.accountId,
        outcome: 'refused',
      } as const;
      await audit.record(actor, { ...facts, detail: 'password_wrong' });
      throw new ProductError('password_wrong');
    }
    await attempt.succeeded();
    return account;
  }
}
