import { AUDIT_ACTIONS, auditOutcomeSchema, type AuditAction, type AuditOutcome } from '@health-connect/contract';
import type { Connection, Model, QueryFilter } from 'mongoose';
import { condition } from '../database/filter.ts';
import { toStoredId } from '../database/ids.ts';
import { auditEntryModel, type EntryFacts, type StoredEntry } from './audit-entry.model.ts';

export type LogEntry = EntryFacts & { readonly id: string };

/** The last entry of the page before. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface LogFilter {
  readonly accountId?: string | undefined;
  readonly patientId?: string | undefined;
  readonly action?: AuditAction | undefined;
  readonly outcome?: AuditOutcome | undefined;
  readonly requestId?: string | undefined;
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** Leaves out what this account did itself. */
  readonly notBy?: string | undefined;
  /** Leaves out entries with one of these details. */
  readonly without?: readonly string[] | undefined;
}

const given = (key: string, value: unknown): Record<string, unknown> => (value === undefined ? {} : { [key]: value });

function timeOf({ from, to }: LogFilter, before: Position | undefined): QueryFilter<StoredEntry> {
  const ends = [to, before?.at].flatMap((end) => (end === undefined ? [] : [end.getTime()]));
  if (from === undefined && ends.length === 0) return {};
  const end = ends.length === 0 ? undefined : new Date(Math.min(...ends));
  return { at: condition({ ...given('$gte', from), ...given('$lte', end) }) };
}

/**
 * By whom, what and how it ended. Two indexes hold actions and outcomes before the time: where one of these is not asked
 * for, all of its values are named, so that the database merges few runs in the order of time instead of leaving out
 * what it has read.
 */
function deedOf({ accountId, action, outcome }: LogFilter): QueryFilter<StoredEntry> {
  if (accountId === undefined && action === undefined) return { ...given('outcome', outcome) };
  return {
    ...given('accountId', accountId),
    action: action ?? condition({ $in: [...AUDIT_ACTIONS] }),
    outcome: outcome ?? condition({ $in: [...auditOutcomeSchema.options] }),
  };
}

/** Reads the trail for people. */
export class AuditLogRepository {
  readonly #entries: Model<StoredEntry>;

  private constructor(connection: Connection) {
    this.#entries = auditEntryModel(connection);
  }

  static create(connection: Connection): AuditLogRepository {
    return new AuditLogRepository(connection);
  }

  /** Newest first. */
  async page(filter: LogFilter, before: Position | undefined, limit: number): Promise<LogEntry[]> {
    const { patientId, requestId, notBy, without } = filter;
    const found = await this.#entries
      .find({
        $and: [
          deedOf(filter),
          { ...given('patientId', patientId), ...given('requestId', requestId) },
          timeOf(filter, before),
          notBy === undefined ? {} : { accountId: condition({ $ne: notBy }) },
          without === undefined ? {} : { detail: condition({ $nin: without }) },
          before === undefined
            ? {}
            : {
                $or: [
                  { at: condition({ $lt: before.at }) },
                  { at: before.at, _id: condition({ $lt: toStoredId(before.id) }) },
                ],
              },
        ],
      })
      .sort({ at: -1, _id: -1 })
      .limit(limit)
      .lean();
    return found.map(({ _id, ...facts }) => ({ ...facts, id: _id.toHexString() }));
  }
}
