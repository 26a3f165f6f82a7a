import type { AppointmentEvent, Side } from '@health-connect/contract';
import type { Transaction } from '../database/database.ts';
import type { AppointmentRecord } from './appointment-record.ts';

/** A doctor's time that is free again. */
export interface FreedTime {
  readonly doctorId: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** A change of an appointment that its two sides are told about. */
export interface AppointmentNews {
  readonly change: AppointmentEvent['change'];
  /** Who did it: both sides are told, this one in words of its own. */
  readonly by: Side | 'system';
  /** The appointment as it is now. */
  readonly appointment: AppointmentRecord;
  /** For a move: the appointment that ended by it. */
  readonly replaced?: AppointmentRecord;
  /** The proposal that has lost its sense by it. */
  readonly withdrawn?: AppointmentRecord;
  /** The proposal that stands on its own by it: a request that can still be answered. */
  readonly standing?: AppointmentRecord;
  /** Times that were kept and are free by it. */
  readonly freed?: readonly FreedTime[];
}

/**
 * Tells the two sides about changes: notifications, mails with calendar entries, reminders. What is to be told is
 * written in the transaction of the change, so that nobody is told of what did not happen, nor ever misses what did.
 */
export interface AppointmentNewsDesk {
  /** Inside of the transaction of the change. */
  write(news: AppointmentNews, transaction: Transaction): Promise<void>;
  /** After the transaction has been committed: tells open pages, and wakes who sends mails. Never throws. */
  announce(news: AppointmentNews): void;
}
