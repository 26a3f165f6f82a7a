import { expect } from 'vitest';
import { QueryProfiler } from './query-profiler.ts';
import { it } from './database-test.ts';

it('the check sees what looks at a whole collection', async ({ database }) => {
  const accounts = database.collection('accounts');
  await accounts.insertOne({ name: 'Somebody' });
  const profiler = await QueryProfiler.of(database.connection);
  expect(await profiler.wasteOf(() => accounts.find({ name: 'x' }).toArray())).toHaveLength(1);
});
