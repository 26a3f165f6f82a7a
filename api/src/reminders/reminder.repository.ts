import { REMINDER_MINUTES, reminderKindSchema, type ReminderKind } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import type { AppointmentRecord } from '../appointments/appointment-record.ts';
import type { Transaction } from '../database/database.ts';
import { condition } from '../database/filter.ts';
import { newId, toStoredId } from '../database/ids.ts';
import { reminderModel, type ReminderState, type StoredReminder } from './reminder.model.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** How long what was settled is kept, counted from the start of the appointment. */
const RETENTION_MS = 30 * DAY_MS;

export interface ReminderRecord {
  readonly id: string;
  readonly appointmentId: string;
  readonly accountId: string;
  readonly kind: ReminderKind;
  readonly startsAt: Date;
  readonly dueAt: Date;
}

type RemindedAppointment = Pick<AppointmentRecord, 'id' | 'doctorId' | 'patientId' | 'startsAt'>;

const toRecord = (stored: StoredReminder): ReminderRecord => ({
  id: stored._id.toHexString(),
  appointmentId: stored.appointmentId.toHexString(),
  accountId: stored.accountId.toHexString(),
  kind: stored.kind,
  startsAt: stored.startsAt,
  dueAt: stored.dueAt,
});

/** Reminders that are planned, and those that were settled. */
export class ReminderRepository {
  readonly #reminders: Model<StoredReminder>;

  private constructor(connection: Connection) {
    this.#reminders = reminderModel(connection);
  }

  static create(connection: Connection): ReminderRepository {
    return new ReminderRepository(connection);
  }

  /**
   * Plans every reminder of an appointment whose time has not passed yet, for both sides: whether somebody wants it is
   * asked when it is due. What is planned or was settled already stays as it is.
   */
  async plan(appointment: RemindedAppointment, now: Date, transaction?: Transaction): Promise<void> {
    const { id, doctorId, patientId, startsAt } = appointment;
    const kinds = reminderKindSchema.options
      .map((kind) => ({ kind, dueAt: new Date(startsAt.getTime() - REMINDER_MINUTES[kind] * MINUTE_MS) }))
      .filter(({ dueAt }) => dueAt > now);
    const upserts = [doctorId, patientId].flatMap((accountId) =>
      kinds.map(({ kind, dueAt }) => ({
        updateOne: {
          filter: { appointmentId: toStoredId(id), accountId: toStoredId(accountId), kind, startsAt },
          update: {
            $setOnInsert: {
              _id: toStoredId(newId()),
              dueAt,
              state: 'planned' as const,
              settledAt: null,
              removeAt: new Date(startsAt.getTime() + RETENTION_MS),
            },
          },
          upsert: true,
        },
      })),
    );
    if (upserts.length === 0) return;
    await this.#reminders.bulkWrite(upserts, transaction === undefined ? {} : { session: transaction });
  }

  /** Takes back what is still planned of an appointment. */
  async remove(appointmentId: string, transaction: Transaction): Promise<void> {
    await this.#reminders
      .deleteMany({ appointmentId: toStoredId(appointmentId), state: 'planned' })
      .session(transaction);
  }

  /** What is due, longest first. */
  async due(now: Date, limit: number): Promise<ReminderRecord[]> {
    const filter = { state: 'planned' as const, dueAt: condition({ $lte: now }) };
    const found = await this.#reminders.find(filter).sort({ dueAt: 1 }).limit(limit).lean();
    return found.map(toRecord);
  }

  /** Everything of that person and appointment that is due, latest last. */
  async dueOf(
    { appointmentId, accountId }: ReminderRecord,
    now: Date,
    transaction: Transaction,
  ): Promise<ReminderRecord[]> {
    const found = await this.#reminders
      .find({
        appointmentId: toStoredId(appointmentId),
        accountId: toStoredId(accountId),
        state: 'planned',
        dueAt: condition({ $lte: now }),
      })
      .sort({ dueAt: 1 })
      .session(transaction)
      .lean();
    return found.map(toRecord);
  }

  /** @returns whether it was this call that settled it */
  async settle(
    id: string,
    state: Exclude<ReminderState, 'planned'>,
    settledAt: Date,
    transaction: Transaction,
  ): Promise<boolean> {
    const { modifiedCount } = await this.#reminders.updateOne(
      { _id: toStoredId(id), state: 'planned' },
      { $set: { state, settledAt } },
      { session: transaction },
    );
    return modifiedCount > 0;
  }
}
