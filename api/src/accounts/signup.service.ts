import { ProductError, type SignUp } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { passwordChangedMail } from '../mail/templates/account-mails.ts';
import type { QueueRepository } from '../queue/queue.repository.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import type { AccountRequest, SignUpRequest } from './account-request.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { requireGoodPassword } from './password-policy.ts';
import type { PasswordService } from './password.service.ts';
import type { SessionService } from './session.service.ts';
import type { VisitorThrottle } from './visitor-throttle.ts';

const DAY_MS = 24 * 60 * 60_000;
/** A request that could not be handled for so long is given up. */
const REQUEST_LIFETIME_MS = DAY_MS;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly requests: QueueRepository<AccountRequest>;
  /** Has the request handled now instead of soon. */
  readonly wake: () => void;
  readonly lifecycle: AccountLifecycleRepository;
  readonly links: LinkTokenRepository;
  readonly sessions: Pick<SessionService, 'endSessionsIn' | 'announce'>;
  readonly hasher: PasswordHasher;
  readonly passwords: Pick<PasswordService, 'confirm'>;
  readonly throttle: VisitorThrottle;
  readonly outbox: OutboxService;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** Whose address it is, and whether they can begin or wait for the clinic. */
interface ConfirmedAddress {
  readonly status: 'pending' | 'active';
  readonly email: string;
}

function requestOf(signUp: SignUp, passwordHash: string): SignUpRequest {
  const { role, name, email, dateOfBirth, specialization } = signUp;
  const person = { name, email, passwordHash };
  if (role === 'patient' && dateOfBirth !== undefined) return { kind: 'sign-up-patient', ...person, dateOfBirth };
  if (role === 'doctor' && specialization !== undefined) return { kind: 'sign-up-doctor', ...person, specialization };
  throw new ProductError('validation_failed');
}

/** Sign-up, confirmation of the address, and a forgotten password. */
export class SignUpService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SignUpService {
    return new SignUpService(parts);
  }

  /**
   * Takes a sign-up. Known and unknown addresses cost exactly the same: one hash and one write; no account is looked at.
   * @throws ProductError `password_common`; `unavailable` when too many passwords are being hashed
   */
  async signUp(signUp: SignUp): Promise<void> {
    requireGoodPassword(signUp.password, signUp);
    await this.#parts.throttle.pass();
    await this.#take(requestOf(signUp, await this.#parts.hasher.hash(signUp.password)));
  }

  /** Takes the wish for another confirmation mail. */
  async resend(email: string): Promise<void> {
    await this.#parts.throttle.pass();
    await this.#take({ kind: 'resend', email });
  }

  /** Takes the wish for a new password. */
  async forgot(email: string): Promise<void> {
    await this.#parts.throttle.pass();
    await this.#take({ kind: 'forgot', email });
  }

  /**
   * Confirms an address. Opening its mail is not enough: who signed up with it must be the one who opens it, or others
   * could have its owner confirm an account of which they know the password.
   * @throws ProductError `link_expired` when the token is unknown, used or too old
   * @throws ProductError `password_wrong`, which leaves the link good; `unavailable` when too many are being hashed
   */
  async confirmEmail(token: string, password: string): Promise<ConfirmedAddress> {
    const { database, links, lifecycle, throttle, passwords, audit, clock } = this.#parts;
    await throttle.pass();
    const now = new Date(clock.now());
    const holder = await links.holder(token, 'confirm', now);
    const account = holder === undefined ? undefined : await lifecycle.byId(holder);
    if (account?.status !== 'unconfirmed') throw new ProductError('link_expired');
    await passwords.confirm({ accountId: account.id, role: account.role }, password);
    return database.transaction(async (transaction) => {
      const id = await links.use(token, 'confirm', now, transaction);
      if (id === undefined) throw new ProductError('link_expired');
      await links.void(id, ['confirm'], transaction);
      const { status, email } = await lifecycle.change(id, { emailConfirmedAt: now }, transaction);
      if (status !== 'pending' && status !== 'active') throw new ProductError('link_expired');
      const facts = { action: 'change', resource: 'account', resourceId: id, detail: 'email_confirmed' } as const;
      await audit.recordIn(transaction, undefined, facts);
      return { status, email };
    });
  }

  /**
   * Sets a new password and ends every session of the account. The mail proves the address, so it is confirmed by it.
   * @returns the address of the account
   * @throws ProductError `link_expired` when the token is unknown, used or too old, or the account is disabled
   * @throws ProductError `password_common`, which leaves the link good; `unavailable` when too many are being hashed
   */
  async resetPassword(token: string, password: string): Promise<string> {
    const { database, throttle, hasher, links, lifecycle, sessions, outbox, audit, config, clock } = this.#parts;
    await throttle.pass();
    const passwordHash = await hasher.hash(password);
    const { ended, email } = await database.transaction(async (transaction) => {
      const now = new Date(clock.now());
      const id = await links.use(token, 'reset', now, transaction);
      const account = id === undefined ? undefined : await lifecycle.byId(id, transaction);
      if (account === undefined || account.status === 'disabled') throw new ProductError('link_expired');
      requireGoodPassword(password, account);
      await lifecycle.setPasswordHash(account.id, passwordHash, transaction);
      await lifecycle.change(account.id, { emailConfirmedAt: account.emailConfirmedAt ?? now }, transaction);
      await links.void(account.id, ['confirm', 'reset'], transaction);
      await outbox.add(account.email, passwordChangedMail(account.name, config.publicUrl), DAY_MS, transaction);
      const facts = {
        action: 'change',
        resource: 'account',
        resourceId: account.id,
        detail: 'password_reset',
      } as const;
      await audit.recordIn(transaction, undefined, facts);
      return {
        ended: await sessions.endSessionsIn(transaction, { accountId: account.id }),
        email: account.email,
      };
    });
    await sessions.announce(ended);
    return email;
  }

  async #take(request: AccountRequest): Promise<void> {
    const { requests, wake, clock } = this.#parts;
    const now = clock.now();
    await requests.add(request, { now: new Date(now), expiresAt: new Date(now + REQUEST_LIFETIME_MS) });
    wake();
  }
}
