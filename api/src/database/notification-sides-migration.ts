import type { Migration } from './migration.ts';

const MINE_AS_PATIENT = { $in: ['$accountId', '$visits.patientId'] };
const lookup = (from: string) => ({
  $lookup: {
    from,
    let: { id: '$appointmentId' },
    pipeline: [{ $match: { $expr: { $eq: ['$_id', '$$id'] } } }, { $project: { _id: 0, patientId: 1 } }],
    as: from,
  },
});

/** Notifications say as which side somebody was told; what is about an appointment that is gone was told to a doctor. */
export const NOTIFICATION_SIDES_MIGRATION: Migration = {
  summary: 'Notifications say as what their owner was told',
  run: async (connection) => {
    const notifications = connection.collection('notifications');
    await notifications
      .aggregate([
        { $match: { side: { $exists: false } } },
        lookup('appointments'),
        lookup('appointments_archive'),
        { $set: { visits: { $concatArrays: ['$appointments', '$appointments_archive'] } } },
        { $project: { side: { $cond: [MINE_AS_PATIENT, 'patient', 'doctor'] } } },
        { $merge: { into: 'notifications', on: '_id', whenNotMatched: 'discard' } },
      ])
      .toArray();
    for (const old of ['accountId_1__id_-1', 'accountId_1_readAt_1__id_-1']) {
      const isThere = await notifications.indexExists(old).catch(() => false);
      if (isThere) await notifications.dropIndex(old);
    }
  },
};
