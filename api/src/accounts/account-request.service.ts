import { linkAddress } from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { confirmEmailMail, knownAddressMail, resetPasswordMail } from '../mail/templates/account-mails.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import type { Claim, QueueRepository } from '../queue/queue.repository.ts';
import type { AccountLifecycleRepository, ManagedAccountRecord } from './account-lifecycle.repository.ts';
import type { AccountRequest, SignUpRequest } from './account-request.ts';
import type { AccountRepository } from './account.repository.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import { insertAccount, removeUnconfirmed } from './new-account.ts';

const MINUTE_MS = 60_000;
/** How long a link to confirm an address is good. */
export const CONFIRMATION_LIFETIME_MS = 24 * 60 * MINUTE_MS;
/** How long a link to set a new password is good. */
export const RESET_LIFETIME_MS = 30 * MINUTE_MS;
/** One address gets at most one mail of a kind in this time, whatever anybody asks for. */
export const MAIL_PAUSE_MS = MINUTE_MS;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly requests: QueueRepository<AccountRequest>;
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly links: LinkTokenRepository;
  readonly outbox: OutboxService;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** Handles what visitors asked for addresses: the only code that tells known from unknown, out of their sight. */
export class AccountRequestService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AccountRequestService {
    return new AccountRequestService(parts);
  }

  /** Does one request: account, link, mail and the end of the request are one transaction. */
  async handle(claim: Claim<AccountRequest>): Promise<'finished'> {
    const { database, requests } = this.#parts;
    await database.transaction(async (transaction) => {
      // Another process has taken over: it does all of this.
      if (!(await requests.finish(claim, 'done', transaction))) return;
      await this.#do(claim.payload, transaction);
    });
    return 'finished';
  }

  async #do(request: AccountRequest, transaction: Transaction): Promise<void> {
    const found = await this.#parts.lifecycle.byEmail(request.email, transaction);
    switch (request.kind) {
      case 'sign-up-patient':
      case 'sign-up-doctor':
        if (found === undefined || found.status === 'unconfirmed') await this.#signUp(request, found, transaction);
        else await this.#tellKnown(found, transaction);
        return;
      case 'resend':
        if (found?.status === 'unconfirmed' && (await this.#justMailed(found.id, 'confirm', transaction)) === undefined)
          await this.#mailConfirmation(found, transaction);
        return;
      case 'forgot':
        if (found !== undefined && found.status !== 'disabled') await this.#mailReset(found, transaction);
        return;
    }
  }

  /**
   * The newest sign-up counts, from the moment on in which it is made: whoever can open the mail decides. While a mail
   * about an earlier one is young, its link is void already, and the new mail waits until the pause is over. Links to set
   * a password are for whoever has the address, so they stay good.
   */
  async #signUp(
    request: SignUpRequest,
    earlier: ManagedAccountRecord | undefined,
    transaction: Transaction,
  ): Promise<void> {
    const { audit, links, clock } = this.#parts;
    const mailedAt = earlier === undefined ? undefined : await this.#justMailed(earlier.id, 'confirm', transaction);
    if (earlier !== undefined) await removeUnconfirmed(this.#parts, earlier, ['confirm', 'notice'], transaction);
    const { kind, name, email, passwordHash } = request;
    const role = kind === 'sign-up-patient' ? 'patient' : 'doctor';
    const history = { createdAt: new Date(clock.now()), emailConfirmedAt: null, approvedAt: null };
    const account = { role, name, email, passwordHash, ...history } as const;
    const id = await insertAccount(this.#parts, account, request, transaction);
    if (earlier !== undefined) await links.handOver(earlier.id, id, 'reset', transaction);
    await audit.recordIn(transaction, undefined, {
      action: 'create',
      resource: 'account',
      resourceId: id,
      detail: 'signed_up',
    });
    if (mailedAt === undefined) await this.#mailConfirmation({ id, email }, transaction);
    else await this.#mailLater(id, email, mailedAt, transaction);
  }

  /** Asks for the mail about a new account once the pause after the last mail to its address is over. */
  async #mailLater(id: string, email: string, mailedAt: Date, transaction: Transaction): Promise<void> {
    const { links, requests, clock } = this.#parts;
    // Nobody gets this token: it keeps in mind when the last mail was sent.
    await links.issue(id, 'confirm', { now: mailedAt, lifetimeMs: CONFIRMATION_LIFETIME_MS }, transaction);
    const times = {
      now: new Date(clock.now()),
      dueAt: new Date(mailedAt.getTime() + MAIL_PAUSE_MS),
      expiresAt: new Date(mailedAt.getTime() + CONFIRMATION_LIFETIME_MS),
    };
    await requests.add({ kind: 'resend', email }, times, transaction);
  }

  async #tellKnown({ id, name, email }: ManagedAccountRecord, transaction: Transaction): Promise<void> {
    const { links, outbox, config, clock } = this.#parts;
    if ((await this.#justMailed(id, 'notice', transaction)) !== undefined) return;
    await links.issue(id, 'notice', { now: new Date(clock.now()), lifetimeMs: MAIL_PAUSE_MS }, transaction);
    await outbox.add(email, knownAddressMail(name, config.publicUrl), CONFIRMATION_LIFETIME_MS, transaction);
  }

  async #mailConfirmation(
    { id, email }: { readonly id: string; readonly email: string },
    transaction: Transaction,
  ): Promise<void> {
    const { links, outbox, config, clock } = this.#parts;
    const times = { now: new Date(clock.now()), lifetimeMs: CONFIRMATION_LIFETIME_MS };
    const token = await links.issue(id, 'confirm', times, transaction);
    const content = confirmEmailMail(linkAddress(config.publicUrl, 'confirmEmail', token));
    await outbox.add(email, content, CONFIRMATION_LIFETIME_MS, transaction);
  }

  async #mailReset({ id, name, email, status }: ManagedAccountRecord, transaction: Transaction): Promise<void> {
    const { links, outbox, config, clock } = this.#parts;
    if ((await this.#justMailed(id, 'reset', transaction)) !== undefined) return;
    const times = { now: new Date(clock.now()), lifetimeMs: RESET_LIFETIME_MS };
    const token = await links.issue(id, 'reset', times, transaction);
    const known = status === 'unconfirmed' ? undefined : name;
    const content = resetPasswordMail(known, linkAddress(config.publicUrl, 'resetPassword', token));
    await outbox.add(email, content, RESET_LIFETIME_MS, transaction);
  }

  /** @returns when, if it was within the pause */
  #justMailed(
    id: string,
    purpose: 'confirm' | 'reset' | 'notice',
    transaction: Transaction,
  ): Promise<Date | undefined> {
    const { links, clock } = this.#parts;
    return links.issuedSince(id, purpose, new Date(clock.now() - MAIL_PAUSE_MS), transaction);
  }
}
