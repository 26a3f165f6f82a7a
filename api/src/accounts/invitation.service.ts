import {
  linkAddress,
  ProductError,
  type AccountStatus,
  type Invitation,
  type InvitedRole,
} from '@health-connect/contract';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Database, Transaction } from '../database/database.ts';
import { isDuplicateKey } from '../database/errors.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { OutboxService } from '../mail/outbox.service.ts';
import { invitationMail } from '../mail/templates/account-mails.ts';
import type { PatientRepository } from '../patients/patient.repository.ts';
import { requireCan } from '../policy/policy.ts';
import type { AccountLifecycleRepository } from './account-lifecycle.repository.ts';
import type { AccountRepository } from './account.repository.ts';
import { statusOf } from './account-status.ts';
import { requireActing } from './acting-administrator.ts';
import type { Actor } from './actor.ts';
import type { InvitationRecord, InvitationRepository } from './invitation.repository.ts';
import { LINK_PURPOSES } from './link-token.model.ts';
import type { LinkTokenRepository } from './link-token.repository.ts';
import { insertAccount, removeUnconfirmed } from './new-account.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { requireGoodPassword } from './password-policy.ts';
import type { VisitorThrottle } from './visitor-throttle.ts';

/** How long an invitation can be accepted. */
export const INVITATION_LIFETIME_MS = 7 * 24 * 60 * 60_000;
const SHOWN = 200;

interface Parts {
  readonly database: Pick<Database, 'transaction'>;
  readonly invitations: InvitationRepository;
  readonly accounts: AccountRepository;
  readonly lifecycle: AccountLifecycleRepository;
  readonly doctors: DoctorRepository;
  readonly patients: PatientRepository;
  readonly links: LinkTokenRepository;
  readonly hasher: PasswordHasher;
  readonly throttle: VisitorThrottle;
  readonly outbox: OutboxService;
  readonly wakeMail: () => void;
  /** The one-time link of an empty installation was used. */
  readonly firstAdministratorMade: () => Promise<void>;
  readonly audit: Audit;
  readonly config: Pick<Config, 'publicUrl'>;
  readonly clock: Clock;
}

/** What an invited person gives. */
export interface Acceptance {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  readonly email?: string;
}

const toView = (record: InvitationRecord, invitedBy: string | null): Invitation => ({
  ...record,
  invitedBy,
  createdAt: record.createdAt.toISOString(),
  expiresAt: record.expiresAt.toISOString(),
});

/** Invitations: the way in for doctors, staff and administrators. */
export class InvitationService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): InvitationService {
    return new InvitationService(parts);
  }

  /** Invites by mail. @throws ProductError `email_taken` when the address has an account */
  async invite(actor: Actor, role: InvitedRole, email: string): Promise<Invitation> {
    const { database, invitations, lifecycle, outbox, wakeMail, audit, config } = this.#parts;
    const record = await database.transaction(async (transaction) => {
      await requireActing(this.#parts.accounts, actor, transaction);
      const known = await lifecycle.byEmail(email, transaction);
      if (known !== undefined && known.status !== 'unconfirmed') throw new ProductError('email_taken');
      const draft = { role, email, invitedBy: actor.accountId, ...this.#times() };
      const { invitation, token } = await invitations.replace(draft, transaction);
      const content = invitationMail(role, actor.name, linkAddress(config.publicUrl, 'acceptInvitation', token));
      await outbox.add(email, content, INVITATION_LIFETIME_MS, transaction);
      const facts = { action: 'administration', resource: 'account', resourceId: invitation.id } as const;
      await audit.recordIn(transaction, actor, { ...facts, detail: `invited_${role}` });
      return invitation;
    });
    wakeMail();
    return toView(record, actor.name);
  }

  /** @throws ProductError `forbidden` */
  async list(actor: Actor): Promise<Invitation[]> {
    const { invitations, accounts, audit, clock } = this.#parts;
    requireCan(actor, 'accounts.administer', undefined);
    await audit.record(actor, { action: 'administration', resource: 'account', detail: 'invitations_listed' });
    const live = await invitations.live(new Date(clock.now()), SHOWN);
    const people = await accounts.byIds(live.flatMap(({ invitedBy }) => invitedBy ?? []));
    return live.map((record) => toView(record, people.get(record.invitedBy ?? '')?.name ?? null));
  }

  /** @throws ProductError `not_found` */
  async revoke(actor: Actor, invitationId: string): Promise<void> {
    const { database, invitations, audit } = this.#parts;
    await database.transaction(async (transaction) => {
      await requireActing(this.#parts.accounts, actor, transaction);
      if (!(await invitations.remove(invitationId, transaction))) throw new ProductError('not_found');
      const facts = { action: 'administration', resource: 'account', resourceId: invitationId } as const;
      await audit.recordIn(transaction, actor, { ...facts, detail: 'invitation_revoked' });
    });
  }

  /** What a token invites to. @throws ProductError `link_expired` */
  async show(token: string): Promise<{ role: InvitedRole; email: string | null }> {
    const { invitations, throttle, clock } = this.#parts;
    await throttle.pass();
    const found = await invitations.ofToken(token, new Date(clock.now()));
    if (found === undefined) throw new ProductError('link_expired');
    return { role: found.role, email: found.email };
  }

  /**
   * Makes the invited account. Its address counts as confirmed: the token came by mail, or from the machine itself.
   * An invited doctor waits for approval like any other.
   * @throws ProductError `link_expired`, `email_taken`, `password_common`, `validation_failed`, `unavailable`
   */
  async accept(acceptance: Acceptance): Promise<{ email: string; status: AccountStatus }> {
    const { database, hasher, throttle, firstAdministratorMade } = this.#parts;
    await throttle.pass();
    const passwordHash = await hasher.hash(acceptance.password);
    try {
      const made = await database.transaction((transaction) => this.#accept(acceptance, passwordHash, transaction));
      if (made.isFirst) await firstAdministratorMade();
      return made;
    } catch (error) {
      if (isDuplicateKey(error)) throw new ProductError('email_taken', { cause: error });
      throw error;
    }
  }

  /**
   * A token for the first administrator, while there is none; earlier ones are void.
   * @returns `undefined` when there is an administrator already
   */
  async firstAdministratorToken(): Promise<string | undefined> {
    const { database, invitations, lifecycle } = this.#parts;
    return database.transaction(async (transaction) => {
      if (await lifecycle.hasAdministrator(transaction)) return undefined;
      const draft = { role: 'administrator', email: null, invitedBy: null, ...this.#times() } as const;
      return (await invitations.replace(draft, transaction)).token;
    });
  }

  async #accept(acceptance: Acceptance, passwordHash: string, transaction: Transaction) {
    const { invitations, lifecycle, audit, clock } = this.#parts;
    const now = new Date(clock.now());
    const invitation = await invitations.use(acceptance.token, now, transaction);
    if (invitation === undefined) throw new ProductError('link_expired');
    const { role } = invitation;
    const isFirst = invitation.email === null;
    if (isFirst && (await lifecycle.hasAdministrator(transaction))) throw new ProductError('link_expired');
    const email = this.#addressOf(invitation, acceptance);
    requireGoodPassword(acceptance.password, { name: acceptance.name, email });
    await this.#requireFree(email, transaction);
    const history = { createdAt: now, emailConfirmedAt: now, approvedAt: null };
    const account = { role, name: acceptance.name, email, passwordHash, ...history };
    const id = await insertAccount(this.#parts, account, {}, transaction);
    const detail = isFirst ? 'first_administrator' : 'invitation_accepted';
    await audit.recordIn(transaction, undefined, { action: 'create', resource: 'account', resourceId: id, detail });
    return { email, status: statusOf({ ...account, disabledAt: null }), isFirst };
  }

  #addressOf(invitation: InvitationRecord, { email }: Acceptance): string {
    if (invitation.email !== null && email === undefined) return invitation.email;
    if (invitation.email === null && email !== undefined) return email;
    const message = email === undefined ? 'This is missing' : 'The invitation names the address';
    throw new ProductError('validation_failed', { details: [{ path: 'body.email', message }] });
  }

  /** An address that somebody typed and never confirmed gives way to the one who holds an invitation. */
  async #requireFree(email: string, transaction: Transaction): Promise<void> {
    const found = await this.#parts.lifecycle.byEmail(email, transaction);
    if (found === undefined) return;
    if (found.status !== 'unconfirmed') throw new ProductError('email_taken');
    await removeUnconfirmed(this.#parts, found, LINK_PURPOSES, transaction);
  }

  #times(): { createdAt: Date; expiresAt: Date } {
    const now = this.#parts.clock.now();
    return { createdAt: new Date(now), expiresAt: new Date(now + INVITATION_LIFETIME_MS) };
  }
}
