import { createHash, randomBytes } from 'node:crypto';
import { ProductError, type AuthenticatorSetup, type Role } from '@health-connect/contract';
import type { AuditActor } from '../audit/audit.facts.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { secondFactorChangedMail, type SecondFactorChange } from '../mail/templates/account-mails.ts';
import type { AccountRecord, AccountWithSecret } from './account.repository.ts';
import type { Actor } from './actor.ts';
import type { Authenticator } from './authenticator.ts';
import type { PasswordService } from './password.service.ts';
import type { SecondStep } from './second-factor.model.ts';
import type { SecondFactorRecord, SecondFactorRepository, SignInTicket } from './second-factor.repository.ts';
import type { SignInThrottle } from './sign-in-throttle.ts';

const MAIL_LIFETIME_MS = 24 * 60 * 60_000;
export const TICKET_LIFETIME_MS = 5 * 60_000;
/** How long another authenticator may take to prove itself in place of the one there is. */
export const REPLACEMENT_LIFETIME_MS = 15 * 60_000;
const TICKET_BYTES = 32;
/** Who must have a second factor when the hospital says so. */
const REQUIRED_ROLES: readonly Role[] = ['doctor', 'administrator'];

/** Either of the two, in the second step of a sign-in. */
export interface Codes {
  readonly code?: string;
  readonly recoveryCode?: string;
}

/** A password, and one of the codes. */
export interface Proof extends Codes {
  readonly password: string;
}

/** Whose second factor it is: an `Actor`, or somebody who is about to sign in and has no session yet. */
export type Owner = Pick<Actor, 'accountId' | 'role' | 'name' | 'email'> & { readonly sessionId?: string };

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

/** The secret that is being set up in place of a confirmed one, while there is time. */
function openReplacement({ next }: SecondFactorRecord, nowMs: number): string | undefined {
  return next !== undefined && nowMs < next.expiresAt.getTime() ? next.sealedSecret : undefined;
}

const changeOf = ({ accountId }: Owner, detail: string) =>
  ({ action: 'change', resource: 'account', resourceId: accountId, detail }) as const;

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
   * @param device name of a browser that is known as the account's: its attempts are counted apart, so that somebody
   * who knows the password cannot keep its owner out by wrong codes
   * @throws ProductError `second_factor_wrong`, `rate_limited`, `validation_failed` unless exactly one is given
   */
  async prove(actor: AuditActor, { code, recoveryCode }: Codes, device?: string): Promise<void> {
    if ((code === undefined) === (recoveryCode === undefined)) throw new ProductError('validation_failed');
    const { accountId } = actor;
    const counted = ['second-factor', accountId, ...(device === undefined ? [] : [device])].join(':');
    const attempt = await this.#parts.throttle.confirmation(counted);
    const taken =
      code === undefined
        ? await this.#takeRecoveryCode(accountId, recoveryCode ?? '')
        : await this.#takeCode(accountId, code);
    if (!taken) await this.#refuse(actor);
    await attempt.succeeded();
  }

  /**
   * Begins to set up, after the password. In place of a confirmed authenticator it takes a code of that one, or a
   * recovery code where the authenticator is lost.
   * @throws ProductError `password_wrong`, `second_factor_wrong`, `conflict`, `rate_limited`
   */
  async setUp(actor: Actor, { password, ...codes }: Proof): Promise<AuthenticatorSetup> {
    const { id, email } = await this.#parts.passwords.confirm(actor, password);
    const isReplacement = codes.code !== undefined || codes.recoveryCode !== undefined;
    return isReplacement ? this.#beginReplacement(actor, codes) : this.begin(id, email);
  }

  /** Begins to set up. What was begun before and not confirmed is void. @throws ProductError `conflict` */
  async begin(accountId: string, email: string): Promise<AuthenticatorSetup> {
    const { factors, authenticator } = this.#parts;
    const { setup, sealedSecret } = authenticator.setUp(accountId, email);
    if (!(await factors.begin(accountId, sealedSecret))) throw new ProductError('conflict');
    return setup;
  }

  async #beginReplacement(actor: Actor, codes: Codes): Promise<AuthenticatorSetup> {
    const { factors, authenticator, clock } = this.#parts;
    const { accountId, email } = actor;
    await this.#requireEnabled(accountId);
    await this.prove(actor, codes);
    const { setup, sealedSecret } = authenticator.setUp(accountId, email);
    const expiresAt = new Date(clock.now() + REPLACEMENT_LIFETIME_MS);
    if (!(await factors.beginReplacement(accountId, sealedSecret, expiresAt))) throw new ProductError('conflict');
    return setup;
  }

  /**
   * Switches it on once the authenticator has proved itself, or to it from the one before.
   * @returns the recovery codes, which nobody can read again; those of before are void
   * @throws ProductError `second_factor_wrong`, `conflict`, `rate_limited`
   */
  async confirm(owner: Owner, code: string): Promise<string[]> {
    const { database, factors, authenticator, throttle, audit, clock } = this.#parts;
    const { accountId } = owner;
    const nowMs = clock.now();
    const factor = await factors.of(accountId);
    const isReplacement = factor?.confirmed === true;
    const sealedSecret = isReplacement ? openReplacement(factor, nowMs) : factor?.sealedSecret;
    if (sealedSecret === undefined) throw new ProductError('conflict');
    const attempt = await throttle.confirmation(`second-factor:${accountId}`);
    const timeStep = await authenticator.timeStepOf(accountId, sealedSecret, { code, nowMs });
    if (timeStep === undefined) return this.#refuse(owner);
    const { codes, recoveryHashes } = this.#newRecoveryCodes(accountId);
    const proof = { timeStep, recoveryHashes, now: new Date(nowMs) };
    await database.transaction(async (transaction) => {
      const done = isReplacement
        ? await factors.replace(accountId, sealedSecret, proof, transaction)
        : await factors.confirm(accountId, sealedSecret, proof, transaction);
      if (!done) throw new ProductError('conflict');
      const change = isReplacement ? 'replaced' : 'on';
      await audit.recordIn(transaction, owner, changeOf(owner, `second_factor_${change}`));
      await this.#tell(owner, change, transaction);
    });
    this.#parts.wakeMail();
    await attempt.succeeded();
    return codes;
  }

  /** @throws ProductError `password_wrong`, `second_factor_wrong`, `second_factor_required`, `conflict`, `rate_limited` */
  async disable(actor: Actor, { password, ...codes }: Proof): Promise<void> {
    const { database, factors, passwords, audit } = this.#parts;
    if (this.#isRequired(actor.role)) throw new ProductError('second_factor_required');
    await passwords.confirm(actor, password);
    await this.#requireEnabled(actor.accountId);
    await this.prove(actor, codes);
    await database.transaction(async (transaction) => {
      if (!(await factors.remove(actor.accountId, transaction))) throw new ProductError('conflict');
      await audit.recordIn(transaction, actor, changeOf(actor, 'second_factor_off'));
      await this.#tell(actor, 'off', transaction);
    });
    this.#parts.wakeMail();
  }

  /**
   * Makes new recovery codes; those of before are void.
   * @throws ProductError `password_wrong`, `second_factor_wrong`, `conflict`, `rate_limited`
   */
  async renewRecoveryCodes(actor: Actor, { password, ...proof }: Proof): Promise<string[]> {
    const { database, factors, passwords, audit } = this.#parts;
    await passwords.confirm(actor, password);
    await this.#requireEnabled(actor.accountId);
    await this.prove(actor, proof);
    const { codes, recoveryHashes } = this.#newRecoveryCodes(actor.accountId);
    await database.transaction(async (transaction) => {
      const done = await factors.renewRecoveryCodes(actor.accountId, recoveryHashes, transaction);
      if (!done) throw new ProductError('conflict');
      await audit.recordIn(transaction, actor, changeOf(actor, 'recovery_codes_renewed'));
      await this.#tell(actor, 'recovery-codes', transaction);
    });
    this.#parts.wakeMail();
    return codes;
  }

  async #requireEnabled(accountId: string): Promise<void> {
    if ((await this.#parts.factors.of(accountId))?.confirmed !== true) throw new ProductError('conflict');
  }

  #newRecoveryCodes(accountId: string): { readonly codes: string[]; readonly recoveryHashes: string[] } {
    const { authenticator } = this.#parts;
    const codes = authenticator.newRecoveryCodes();
    return { codes, recoveryHashes: codes.map((each) => authenticator.recoveryHash(accountId, each)) };
  }

  async #tell({ name, email }: Owner, change: SecondFactorChange, transaction: Transaction): Promise<void> {
    const { outbox, config } = this.#parts;
    const content = secondFactorChangedMail(name, change, config.publicUrl);
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

  async #refuse(actor: AuditActor): Promise<never> {
    const { accountId } = actor;
    const facts = { action: 'failure', resource: 'session', resourceId: accountId, outcome: 'refused' } as const;
    await this.#parts.audit.record(actor, { ...facts, detail: 'second_factor_wrong' });
    throw new ProductError('second_factor_wrong');
  }
}
