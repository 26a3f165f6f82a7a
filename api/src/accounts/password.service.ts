import { ProductError } from '@health-connect/contract';
import type { Database } from '../database/database.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import type { AccountRepository, AccountWithSecret } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { requireGoodPassword } from './password-policy.ts';
import type { SessionService } from './session.service.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly accounts: AccountRepository;
  readonly lifecycle: Pick<AccountLifecycleRepository, 'setPasswordHash'>;
  readonly sessions: SessionService;
  readonly hasher: PasswordHasher;
  readonly throttle: Pick<SignInThrottle, 'confirmation'>;
}

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
   * Sets a new password. Every other session of the account ends in the same transaction (A4).
   * @throws ProductError `password_wrong`, `password_common`, `rate_limited`, `unavailable`
   */
  async change(actor: Actor, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const { database, lifecycle, sessions, hasher } = this.#parts;
    await this.confirm(actor, currentPassword);
    requireGoodPassword(newPassword, actor);
    const passwordHash = await hasher.hash(newPassword);
    const ended = await database.transaction(async (transaction) => {
      await lifecycle.setPasswordHash(actor.accountId, passwordHash, transaction);
      return sessions.endSessionsIn(transaction, { accountId: actor.accountId, except: actor.sessionId });
    });
    await sessions.announce(ended);
  }

  /**
   * Makes sure that it is really the person who is at the device, before something grave.
   * @throws ProductError `password_wrong`, `rate_limited`, `unavailable`
   */
  async confirm(actor: Actor, password: string): Promise<AccountWithSecret> {
    const { accounts, hasher, throttle } = this.#parts;
    const attempt = await throttle.confirmation(actor.accountId);
    const account = await accounts.withSecretByEmail(actor.email);
    const matches = await hasher.verify(account?.passwordHash, password);
    if (account === undefined || !matches) throw new ProductError('password_wrong');
    await attempt.succeeded();
    return account;
  }
}
