import { describe, expect } from 'vitest';
import { it } from '../testing/database-test.ts';

describe('transactions', () => {
  it('leave nothing behind when they fail', async ({ database }) => {
    const things = database.collection('things');
    await things.insertOne({ name: 'before' });
    const attempt = database.transaction(async (session) => {
      await things.insertOne({ name: 'inside' }, { session });
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect(await things.countDocuments()).toBe(1);
  });
});
