import type { AuditAction, AuditOutcome } from '@health-connect/contract';
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

function timeOf({ from, to }: LogFilter): QueryFilter<StoredEntry> {
  if (from === undefined && to === undefined) return {};
  return { at: condition({ ...given('$gte', from), ...given('$lte', to) }) };
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
    const { accountId, patientId, action, outcome, requestId, notBy, without } = filter;
    const found = await this.#entries
      .find({
        $and: [
          { ...given('accountId', accountId), ...given('patientId', patientId), ...given('action', action) },
          { ...given('outcome', outcome), ...given('requestId', requestId) },
          timeOf(filter),
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
