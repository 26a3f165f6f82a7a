import { describe, expect } from 'vitest';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { CARE_RELATIONS_MIGRATION } from './care-relations-migration.ts';

describe('the step that relates people to doctors', () => {
  it('goes through all appointments, archived ones too, and drops an index that is not needed any more, also when repeated', async ({
    database,
  }) => {
    const [doctorId, other, patientId, colleagueId] = [stored(), stored(), stored(), stored()];
    const visit = { doctorId, patientId, colleagueIds: [colleagueId] };
    await database.collection('appointments').insertMany([{ ...visit }, { ...visit, colleagueIds: [] }]);
    await database.collection('appointments_archive').insertMany([
      { ...visit, doctorId: other, colleagueIds: [doctorId] },
      { doctorId: other, patientId },
    ]);
    const claims = database.collection('time_claims');
    await claims.createIndexes([{ key: { ownerId: 1 } }]);
    await database.migrateTwice(CARE_RELATIONS_MIGRATION);
    const relations = await database.collection('care_relations').find().toArray();
    const pairs = relations.map((pair) => `${String(pair['accountId'])} ${String(pair['doctorId'])}`);
    const expected = [
      [patientId, doctorId],
      [colleagueId, doctorId],
      [patientId, other],
      [doctorId, other],
    ].map((pair) => pair.join(' '));
    expect(pairs.sort()).toEqual(expected.sort());
    expect((await claims.indexes()).map(({ key }) => key)).toEqual([{ _id: 1 }]);
  });

  it('finds nothing to do in an empty database', async ({ database }) => {
    await database.migrate(CARE_RELATIONS_MIGRATION);
    expect(await database.collection('care_relations').countDocuments()).toBe(0);
  });
});
