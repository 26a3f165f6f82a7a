import { describe, expect } from 'vitest';
import { AccountLifecycleRepository } from '../accounts/account-lifecycle.repository.ts';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { ACCOUNT_WORDS_MIGRATION, giveWords } from './account-words-migration.ts';
import { MIGRATIONS } from './migrations.ts';

describe('accounts from before they were searched by words', () => {
  it('are found by name and address, also when the step is repeated, and a former index is gone', async ({
    database,
  }) => {
    const accounts = database.collection('accounts');
    const account = { role: 'patient', status: 'active', createdAt: new Date() };
    await accounts.insertMany([
      { ...account, name: 'Jörg Müller', email: 'j.mueller@test.example' },
      { ...account, name: 'Ana Souza', email: 'ana@test.example' },
      ...Array.from({ length: 1200 }, (_item, index) => ({
        ...account,
        name: 'Other',
        email: `${index}@test.example`,
      })),
    ]);
    await accounts.createIndexes([{ key: { role: 1, status: 1 } }]);
    expect(MIGRATIONS).toContain(ACCOUNT_WORDS_MIGRATION);
    await database.migrateTwice(ACCOUNT_WORDS_MIGRATION);
    expect(await accounts.countDocuments({ searchWords: { $exists: false } })).toBe(0);
    expect((await accounts.indexes()).map(({ name }) => name)).toEqual(['_id_']);
    const repository = AccountLifecycleRepository.create(database.connection);
    const rest = { role: undefined, status: undefined, before: undefined, limit: 10 };
    for (const text of ['muller jorg', 'MÜLL', 'mueller', 'j.mue', 'j.mueller@te']) {
      const found = await repository.search({ text, ...rest });
      expect(
        found.map(({ name }) => name),
        text,
      ).toEqual(['Jörg Müller']);
    }
  });

  it('are read once, however many there are', async ({ database }) => {
    const { connection } = database;
    const count = 3500;
    const account = (index: number) => ({ name: 'Other', email: `${index}@test.example` });
    await connection.collection('accounts').insertMany(Array.from({ length: count }, (_item, index) => account(index)));
    const reading = { ns: `${connection.name}.accounts`, op: { $in: ['query', 'getmore'] } };
    await connection.db?.command({ profile: 1, filter: reading });
    await database.migrate(ACCOUNT_WORDS_MIGRATION);
    await connection.db?.command({ profile: 0, filter: 'unset' });
    const reads = await connection.collection('system.profile').find(reading).toArray();
    const examined = reads.reduce((sum, read) => sum + Number(read['docsExamined']), 0);
    expect(examined).toBe(count);
    expect(await connection.collection('accounts').countDocuments({ searchWords: 'other' })).toBe(count);
  });

  it('keep words that they have got since they were read', async ({ database }) => {
    const accounts = database.collection('accounts');
    const [renamed, before] = [stored(), stored()];
    const email = 'x@test.example';
    await accounts.insertMany([
      { _id: renamed, email: 'a', searchWords: ['new'] },
      { _id: before, email: 'b' },
    ]);
    const read = [renamed, before].map((_id) => ({ _id, name: 'Old', email }));
    await giveWords(database.connection, read);
    expect(await accounts.findOne({ _id: renamed })).toMatchObject({ searchWords: ['new'] });
    expect(await accounts.countDocuments({ _id: before, searchWords: 'old' })).toBe(1);
  });
});
