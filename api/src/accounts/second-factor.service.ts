import { createHash, randomBytes } from 'node:crypto';
import { ProductError, type AuthenticatorSetup, type Role } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { secondFactorChangedMail } from '../mail/templates/account-mails.ts';
import type { AccountRecord, AccountWithSecret } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import type { PasswordService } from './password.service.ts';
import type { SecondStep } from './second-factor.model.ts';
import type { SecondFactorRepository, SignInTicket } from './second-factor.repository.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

const MAIL_LIFETIME_MS = 24 * 60 * 60_000;
export const TICKET_LIFETIME_MS = 5 * 60_000;
const TICKET_BYTES = 32;
/** Who must have a second factor when the hospital says so. */
const REQUIRED_ROLES: readonly Role[] = ['doctor', 'administrator'];

/** Either of the two, in the second step of a sign-in. */
export interface Codes {
  readonly code?: string;
  readonly recoveryCode?: string;
}

/** Whose second factor it is. */
export type Owner = Pick<AccountRecord, 'id' | 'role' | 'name' | 'email'>;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly factors: SecondFactorRepository;
  readonly authenticator: Authenticator;
  readonly passwords: Pick<PasswordService, 'confirm'>;
  readonly throttle: Pick<SignInThrottle, 'confirmation'>;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
  /** Whether doctors and administrators must have one. */
  readonly required: boolean;
}

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');

/** What tells in a ticket which password was right, without saying anything about it. */
export const passwordMarkOf = hashOf;

/** The second factor of an account: authenticator codes (TOTP) and recovery codes. */
export class SecondFactorService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): SecondFactorService {
    return new SecondFactorService(parts);
  }

  async status({ accountId, role }: Actor) {
    const factor = await this.#parts.factors.of(accountId);
    const enabled = factor?.confirmed === true;
    return { enabled, required: this.#isRequired(role), recoveryCodesLeft: enabled ? factor.recoveryCodesLeft : 0 };
  }

  /** Whether an account must have a second factor and has none: it signed in before the hospital said so. */
  async isMissing({ id, role }: Pick<AccountRecord, 'id' | 'role'>): Promise<boolean> {
    return this.#isRequired(role) && (await this.#parts.factors.of(id))?.confirmed !== true;
  }

  /** What a right password still needs; `undefined` when it is enough. The ticket proves the password. */
  async nextStep({
    id,
    role,
    passwordHash,
  }: AccountWithSecret): Promise<{ status: SecondStep; ticket: string } | undefined> {
    const { factors, clock } = this.#parts;
    const enabled = (await factors.of(id))?.confirmed === true;
    if (!enabled && !this.#isRequired(role)) return undefined;
    const status = enabled ? 'second-factor' : 'second-factor-setup';
    const ticket = randomBytes(TICKET_BYTES).toString('base64url');
    const expiresAt = new Date(clock.now() + TICKET_LIFETIME_MS);
    const facts = { accountId: id, step: status, passwordMark: passwordMarkOf(passwordHash) } as const;
    await factors.issueTicket(hashOf(ticket), facts, expiresAt);
    return { status, ticket };
  }

  /** Whose ticket it is. @throws ProductError `ticket_invalid` */
  async holderOf(ticket: string, step: SecondStep): Promise<SignInTicket> {
    const { factors, clock } = this.#parts;
    const found = await factors.ticket(hashOf(ticket), new Date(clock.now()));
    if (found?.step !== step) throw new ProductError('ticket_invalid');
    return found;
  }

  /** Uses a ticket up, once. @throws ProductError `ticket_invalid` */
  async spend(ticket: string, transaction: Transaction): Promise<void> {
    if (!(await this.#parts.factors.spendTicket(hashOf(ticket), transaction))) throw new ProductError('ticket_invalid');
  }

  /**
   * Takes one code, once.
   * @throws ProductError `second_factor_wrong`, `rate_limited`, `validation_failed` unless exactly one is given
   */
  async prove(accountId: string, { code, recoveryCode }: Codes): Promise<void> {
    if ((code === undefined) === (recoveryCode === undefined)) throw new ProductError('validation_failed');
    const attempt = await this.#parts.throttle.confirmation(`second-factor:${accountId}`);
    const taken =
      code === undefined
        ? await this.#takeRecoveryCode(accountId, recoveryCode ?? '')
        : await this.#takeCode(accountId, code);
    if (!taken) await this.#refuse(accountId);
    await attempt.succeeded();
  }

  /** Begins to set up, after the password. @throws ProductError `password_wrong`, `conflict`, `rate_limited` */
  async setUp(actor: Actor, password: string): Promise<AuthenticatorSetup> {
    const { id, email } = await this.#parts.passwords.confirm(actor, password);
    return this.begin(id, email);
  }

  /** Begins to set up. What was begun before and not confirmed is void. @throws ProductError `conflict` */
  async begin(accountId: string, email: string): Promise<AuthenticatorSetup> {
    const { factors, authenticator } = this.#parts;
    const { setup, sealedSecret } = authenticator.setUp(accountId, email);
    if (!(await factors.begin(accountId, sealedSecret))) throw new ProductError('conflict');
    return setup;
  }

  /**
   * Switches it on once the authenticator has proved itself.
   * @returns the recovery codes, which nobody can read again
   * @throws ProductError `second_factor_wrong`, `conflict`, `rate_limited`
   */
  async confirm(account: Owner, code: string): Promise<string[]> {
    const { database, factors, authenticator, throttle, audit, clock } = this.#parts;
    const { id, role } = account;
    const factor = await factors.of(id);
    if (factor === undefined || factor.confirmed) throw new ProductError('conflict');
    const attempt = await throttle.confirmation(`second-factor:${id}`);
    const nowMs = clock.now();
    const timeStep = await authenticator.timeStepOf(id, factor.sealedSecret, { code, nowMs });
    if (timeStep === undefined) return this.#refuse(id);
    const codes = authenticator.newRecoveryCodes();
    const recoveryHashes = codes.map((each) => authenticator.recoveryHash(id, each));
    const proof = { timeStep, recoveryHashes, now: new Date(nowMs) };
    await database.transaction(async (transaction) => {
      if (!(await factors.confirm(id, factor.sealedSecret, proof, transaction))) throw new ProductError('conflict');
      const facts = { action: 'change', resource: 'account', resourceId: id, detail: 'second_factor_on' } as const;
      await audit.recordIn(transaction, { accountId: id, role }, facts);
      await this.#tell(account, true, transaction);
    });
    this.#parts.wakeMail();
    await attempt.succeeded();
    return codes;
  }

  /** @throws ProductError `password_wrong`, `second_factor_wrong`, `second_factor_required`, `conflict`, `rate_limited` */
  async disable(actor: Actor, { password, code }: { readonly password: string; readonly code: string }): Promise<void> {
    const { database, factors, passwords, audit } = this.#parts;
    if (this.#isRequired(actor.role)) throw new ProductError('second_factor_required');
    await passwords.confirm(actor, password);
    if ((await factors.of(actor.accountId))?.confirmed !== true) throw new ProductError('conflict');
    await this.prove(actor.accountId, { code });
    await database.transaction(async (transaction) => {
      if (!(await factors.remove(actor.accountId, transaction))) throw new ProductError('conflict');
      const facts = { action: 'change', resource: 'account', resourceId: actor.accountId } as const;
      await audit.recordIn(transaction, actor, { ...facts, detail: 'second_factor_off' });
      await this.#tell(actor, false, transaction);
    });
    this.#parts.wakeMail();
  }

  async #tell({ name, email }: Pick<Owner, 'name' | 'email'>, enabled: boolean, transaction: Transaction) {
    const { outbox, config } = this.#parts;
    const content = secondFactorChangedMail(name, enabled, config.publicUrl);
    await outbox.add(email, content, MAIL_LIFETIME_MS, transaction);
  }

  #isRequired(role: Role): boolean {
    return this.#parts.required && REQUIRED_ROLES.includes(role);
  }

  async #takeCode(accountId: string, code: string): Promise<boolean> {
    const { factors, authenticator, clock } = this.#parts;
    const factor = await factors.of(accountId);
    if (factor?.confirmed !== true) return false;
    const timeStep = await authenticator.timeStepOf(accountId, factor.sealedSecret, { code, nowMs: clock.now() });
    return timeStep !== undefined && factors.useTimeStep(accountId, timeStep);
  }

  #takeRecoveryCode(accountId: string, recoveryCode: string): Promise<boolean> {
    const { factors, authenticator } = this.#parts;
    return factors.useRecoveryCode(accountId, authenticator.recoveryHash(accountId, recoveryCode));
  }

  async #refuse(accountId: string): Promise<never> {
    const facts = { action: 'failure', resource: 'session', resourceId: accountId, outcome: 'refused' } as const;
    await this.#parts.audit.record(undefined, { ...facts, detail: 'second_factor_wrong' });
    throw new ProductError('second_factor_wrong');
  }
}
