import type { Migration } from './migration.ts';

/**
 * What is to come of accounts that were closed, or got another role, before that called anything off is left to the job
 * that does it now (`ClosedAccounts`): people are told, time is given back. An account of which nothing is to come any
 * more is found to be done by that job.
 */
export const CLOSED_ACCOUNTS_MIGRATION: Migration = {
  summary: 'Visits to come of accounts that were closed long ago are called off as soon as jobs run',
  run: async (connection, logger) => {
    const side = (role: 'doctor' | 'patient') => ({ accountId: `$${role}Id`, role });
    const hasGone = [{ 'account.disabledAt': { $type: 'date' } }, { $expr: { $ne: ['$account.role', '$_id.role'] } }];
    await connection
      .collection('appointments')
      .aggregate([
        { $match: { status: { $in: ['pending', 'scheduled'] } } },
        { $project: { side: [side('doctor'), side('patient')] } },
        { $unwind: '$side' },
        { $group: { _id: '$side' } },
        { $lookup: { from: 'accounts', localField: '_id.accountId', foreignField: '_id', as: 'account' } },
        { $unwind: '$account' },
        { $match: { $or: hasGone } },
        { $group: { _id: '$account._id' } },
        { $set: { leaving: true } },
        { $merge: { into: 'accounts', on: '_id', whenMatched: 'merge', whenNotMatched: 'discard' } },
      ])
      .toArray();
    const leaving = await connection.collection('accounts').countDocuments({ leaving: true });
    logger.info({ leaving }, 'Accounts of which something may have to be called off');
  },
};
