import { it as base } from 'vitest';
import { TestServer } from './test-server.ts';

/** A test at the one server of its file. */
export const it = base
  /** Its settings; a file may have others. */
  .extend('environment', { scope: 'file' }, (): Readonly<Record<string, string>> => ({}))
  .extend('server', { scope: 'file' }, async ({ environment }, { onCleanup }) => {
    const server = await TestServer.start(environment);
    onCleanup(() => server.close());
    return server;
  });
