import type { Connection } from './database.ts';
import { dropFormerIndex } from './former-index.ts';
import type { Migration } from './migration.ts';

const COLLECTIONS = ['appointments', 'appointments_archive'] as const;
/** By owner alone, all shards had to be asked. */
const FORMER_CLAIM_INDEX = 'ownerId_1';

/** What came before is found by the doctors of whoever takes part in it, as what comes from now on. */
export const CARE_RELATIONS_MIGRATION: Migration = {
  summary: 'It is known which doctors somebody has appointments with; claims are given back by person',
  run: async (connection) => {
    await relate(connection);
    await dropFormerIndex(connection, 'time_claims', FORMER_CLAIM_INDEX);
  },
};

async function relate(connection: Connection): Promise<void> {
  const key = { accountId: 1, doctorId: 1 } as const;
  await connection.collection('care_relations').createIndexes([{ key, unique: true }]);
  const people = { $concatArrays: [['$patientId'], { $ifNull: ['$colleagueIds', []] }] };
  for (const name of COLLECTIONS) {
    await connection
      .collection(name)
      .aggregate([
        { $project: { _id: 0, accountId: people, doctorId: 1 } },
        { $unwind: '$accountId' },
        { $group: { _id: { accountId: '$accountId', doctorId: '$doctorId' } } },
        { $project: { _id: 0, accountId: '$_id.accountId', doctorId: '$_id.doctorId' } },
        { $merge: { into: 'care_relations', on: Object.keys(key), whenMatched: 'keepExisting' } },
      ])
      .toArray();
  }
}
