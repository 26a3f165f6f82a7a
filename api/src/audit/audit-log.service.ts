import type { AuditEntry, AuditResource, RecordAccess } from '@health-connect/contract';
import type { AccountRecord, AccountRepository } from '../accounts/account.repository.ts';
import type { Actor } from '../accounts/actor.ts';
import { requireCan } from '../policy/policy.ts';
import type { AuditLogRepository, LogEntry, LogFilter, Position } from './audit-log.repository.ts';
import type { Refused } from '../policy/refusal.ts';
import type { Audit } from './audit.service.ts';
import { refusalFacts } from './refused-access.ts';

interface Parts {
  readonly log: AuditLogRepository;
  readonly accounts: AccountRepository;
  readonly audit: Audit;
}

/** One page of a log and where the next one begins. */
interface Page<T> {
  readonly entries: T[];
  readonly next: string | null;
}

interface Paging {
  readonly before?: string | undefined;
  readonly limit: number;
}

/** Resources that go by the id of their appointment. */
const OF_APPOINTMENT: readonly AuditResource[] = ['appointment', 'appointments', 'consultation', 'note', 'rating'];

/** What is written down of drafts: that there is one is known to who writes it, and to administrators who search. */
const OF_DRAFTS = ['note_draft', 'note_moved'];

const cursorOf = ({ at, id }: LogEntry): string => `${at.getTime()}-${id}`;

function positionOf(cursor: string | undefined): Position | undefined {
  const [at = '', id] = cursor?.split('-') ?? [];
  return id === undefined ? undefined : { at: new Date(Number(at)), id };
}

const nameOf = (people: ReadonlyMap<string, AccountRecord>, id: string | null): string =>
  people.get(id ?? '')?.name ?? '';

/** The trail as people read it. Reading it is part of it. */
export class AuditLogService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): AuditLogService {
    return new AuditLogService(parts);
  }

  /** Who else opened the record of the patient who asks, newest first. @throws ProductError `forbidden` */
  async recordAccess(actor: Actor, paging: Paging): Promise<Page<RecordAccess>> {
    const patientId = actor.accountId;
    requireCan(actor, 'access-log.view', { patientId });
    await this.#parts.audit.record(actor, { action: 'view', resource: 'access-log', patientId });
    const { entries, people, next } = await this.#page({ patientId, notBy: patientId, without: OF_DRAFTS }, paging);
    return {
      next,
      entries: entries.map((entry) => ({
        id: entry.id,
        at: entry.at.toISOString(),
        who: nameOf(people, entry.accountId),
        bySystem: entry.accountId === null,
        role: entry.role,
        action: entry.action,
        resource: entry.resource,
        outcome: entry.outcome,
        appointmentId: OF_APPOINTMENT.includes(entry.resource) ? entry.resourceId : null,
      })),
    };
  }

  /** The whole trail, for administrators. @throws ProductError `forbidden` */
  async search(actor: Actor, filter: LogFilter, paging: Paging): Promise<Page<AuditEntry>> {
    requireCan(actor, 'audit.search', undefined);
    const { accountId, patientId } = filter;
    await this.#parts.audit.record(actor, {
      action: 'administration',
      resource: 'audit',
      detail: 'audit_searched',
      ...(accountId === undefined ? {} : { resourceId: accountId }),
      ...(patientId === undefined ? {} : { patientId }),
    });
    const { entries, people, next } = await this.#page(filter, paging);
    return {
      next,
      entries: entries.map(({ at, writer: _writer, number: _number, ...facts }) => ({
        ...facts,
        at: at.toISOString(),
        who: nameOf(people, facts.accountId),
      })),
    };
  }

  /** Records that an account was refused by a rule, and whose record it tried. */
  refused(actor: Actor, refused: Refused): Promise<void> {
    return this.#parts.audit.record(actor, refusalFacts(refused));
  }

  async #page(filter: LogFilter, { before, limit }: Paging) {
    const { log, accounts } = this.#parts;
    const found = await log.page(filter, positionOf(before), limit + 1);
    const entries = found.slice(0, limit);
    const last = found.length > limit ? entries.at(-1) : undefined;
    const ids = entries.flatMap(({ accountId }) => (accountId === null ? [] : [accountId]));
    return { entries, people: await accounts.byIds(ids), next: last === undefined ? null : cursorOf(last) };
  }
}
