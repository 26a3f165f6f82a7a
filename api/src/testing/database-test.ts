import { it as base } from 'vitest';
import { TestDatabase } from './test-database.ts';
import { databaseUri } from './test-server.ts';

/** A test with a database that is empty when it begins. */
export const it = base
  .extend('uri', { scope: 'file' }, () => databaseUri())
  .extend('connected', { scope: 'file' }, async ({ uri }, { onCleanup }) => {
    const connected = await TestDatabase.connect(uri);
    onCleanup(() => connected.close());
    return connected;
  })
  .extend('database', async ({ connected }) => {
    await connected.empty();
    return connected;
  });
