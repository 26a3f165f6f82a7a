import { REMINDER_MINUTES } from '@health-connect/contract';
import type { Types } from 'mongoose';
import { cellsOf } from '../booking/cells.ts';
import { ACCOUNT_WORDS_MIGRATION } from './account-words-migration.ts';
import { CARE_RELATIONS_MIGRATION } from './care-relations-migration.ts';
import { CLOSED_ACCOUNTS_MIGRATION } from './closed-accounts-migration.ts';
import { dropFormerIndex } from './former-index.ts';
import type { Migration } from './migration.ts';
import { NOTIFICATION_SIDES_MIGRATION } from './notification-sides-migration.ts';
import { RECORDS_MIGRATION } from './records-migration.ts';
import { TIME_ZONES_MIGRATION } from './time-zones-migration.ts';

/** What a step needs of an appointment. */
interface Booked {
  readonly _id: Types.ObjectId;
  readonly doctorId: Types.ObjectId;
  readonly patientId: Types.ObjectId;
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Steps of this product, oldest first. The first shape needs none. */
export const MIGRATIONS: readonly Migration[] = [
  {
    summary: 'Accounts have a status; those that exist were made by hand and are active',
    run: async (connection) => {
      const facts = { emailConfirmedAt: '$createdAt', approvedAt: '$createdAt', disabledAt: null };
      await connection
        .collection('accounts')
        .updateMany({ status: { $exists: false } }, [{ $set: { status: 'active', ...facts } }]);
      const absent = { onboardingSkipped: [], avatarId: null };
      await connection.collection('accounts').updateMany({ onboardingSkipped: { $exists: false } }, { $set: absent });
      // Whether a profile is complete follows from its fields now.
      await connection.collection('patients').updateMany({}, { $unset: { profileCompleted: '' } });
    },
  },
  {
    summary: 'Sign-ins without a refresh token end: people sign in again',
    run: async (connection) => {
      await connection.collection('sessions').deleteMany({ refreshHash: { $exists: false } });
    },
  },
  {
    summary: 'Appointments carry what changes, calendars and reminders need',
    run: async (connection) => {
      const appointments = connection.collection('appointments');
      const isStatus = (status: string) => ({ $eq: ['$status', status] });
      const nothing = { ending: null, replacesId: null, movedToId: null, proposedBy: null };
      await appointments.updateMany({ calendarUid: { $exists: false } }, [
        {
          $set: {
            ...nothing,
            doctorCameAt: null,
            patientCameAt: null,
            ratedAt: { $cond: [{ $ne: [{ $ifNull: ['$rating', null] }, null] }, '$closedAt', null] },
            version: 0,
            calendarSequence: 0,
            events: [],
            noteState: 'none',
            noteShared: true,
            awaiting: { $cond: [isStatus('pending'), 'doctor', null] },
            outcome: { $cond: [isStatus('completed'), 'met', null] },
            calendarUid: { $concat: [{ $toString: '$_id' }, '@health-connect'] },
          },
        },
      ]);
    },
  },
  {
    summary: 'Reminders of appointments that were agreed to before there were reminders',
    run: async (connection) => {
      const key = { appointmentId: 1, accountId: 1, kind: 1, startsAt: 1 } as const;
      await connection.collection('reminders').createIndexes([{ key, unique: true }]);
      const [now, minuteMs] = [new Date(), 60_000];
      const kinds = Object.entries(REMINDER_MINUTES).map(([kind, minutes]) => ({ kind, ms: minutes * minuteMs }));
      await connection
        .collection('appointments')
        .aggregate([
          { $match: { status: 'scheduled', startsAt: { $gt: now } } },
          { $project: { startsAt: 1, accountId: ['$doctorId', '$patientId'], of: { $literal: kinds } } },
          { $unwind: '$accountId' },
          { $unwind: '$of' },
          {
            $project: {
              _id: 0,
              appointmentId: '$_id',
              accountId: 1,
              kind: '$of.kind',
              startsAt: 1,
              dueAt: { $subtract: ['$startsAt', '$of.ms'] },
              state: { $literal: 'planned' },
              settledAt: { $literal: null },
              removeAt: { $add: ['$startsAt', 30 * 24 * 60 * minuteMs] },
            },
          },
          { $match: { dueAt: { $gt: now } } },
          { $merge: { into: 'reminders', on: Object.keys(key), whenMatched: 'keepExisting' } },
        ])
        .toArray();
    },
  },
  {
    summary: 'Active appointments claim the time of their two sides',
    run: async (connection) => {
      const claims = connection.collection('time_claims');
      await claims.createIndexes([{ key: { subjectId: 1, cell: 1 }, unique: true }]);
      const active = { status: { $in: ['pending', 'scheduled'] } };
      for await (const { _id, doctorId, patientId, startsAt, endsAt } of connection
        .collection('appointments')
        .find<Booked>(active, { projection: { doctorId: 1, patientId: 1, startsAt: 1, endsAt: 1 } })
        .sort({ createdAt: 1 })) {
        const facts = { owner: 'appointment', ownerId: _id, patientId, expiresAt: null };
        for (const subjectId of [doctorId, patientId]) {
          for (const cell of cellsOf(startsAt, endsAt)) {
            // Where two overlapped before there were claims, the older one keeps the time.
            const claim = { $setOnInsert: { ...facts, subjectId, cell } };
            await claims.updateOne({ subjectId, cell }, claim, { upsert: true });
          }
        }
      }
    },
  },
  RECORDS_MIGRATION,
  CARE_RELATIONS_MIGRATION,
  {
    summary: 'The directory finds names by more ways of writing them: listings are made anew at the start',
    run: async (connection) => {
      await connection.collection('doctor_listings').updateMany({}, { $set: { refreshAt: new Date(0) } });
    },
  },
  {
    summary: 'A hold names who has chosen it and claims the time of both: what is kept of before is given back',
    run: async (connection) => {
      const holds = connection.collection('holds');
      for await (const { holdId } of holds.find({ cells: { $exists: false } }, { projection: { holdId: 1 } })) {
        await connection.collection('time_claims').deleteMany({ owner: 'hold', ownerId: holdId });
      }
      await holds.deleteMany({ cells: { $exists: false } });
    },
  },
  NOTIFICATION_SIDES_MIGRATION,
  ACCOUNT_WORDS_MIGRATION,
  {
    summary: 'The audit trail is searched by action and outcome, also of one account',
    run: (connection) => dropFormerIndex(connection, 'audit_entries', 'accountId_1_at_-1__id_-1'),
  },
  TIME_ZONES_MIGRATION,
  CLOSED_ACCOUNTS_MIGRATION,
];
