import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { Cache } from './tools/bootstrap/cache.mjs';
import { findChromium } from './tools/bootstrap/chromium.mjs';
import { cacheDirectory } from './tools/bootstrap/places.mjs';
import { findWorker } from './tools/bootstrap/worker/resolve.mjs';

const root = import.meta.dirname;
const cache = new Cache(cacheDirectory());

/** `npm test` says where the programs are; a test started by hand takes what an earlier start has left in the cache. */
async function programs(): Promise<Record<string, string>> {
  const worker = process.env['MEDIASOUP_WORKER_BIN'] ?? (await findWorker(root, cache));
  const chromium = process.env['CHROMIUM_BIN'] ?? (await findChromium(cache));
  return { ...(worker && { MEDIASOUP_WORKER_BIN: worker }), ...(chromium && { CHROMIUM_BIN: chromium }) };
}

const env = await programs();
/** How long a test looks whether something has come about: busy machines are slow, and nothing waits longer than it must. */
const expectPatiently = { poll: { timeout: 10_000 } };
const web = join(root, 'web', 'vitest.config.ts');

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          environment: 'node',
          include: ['{contract,api,media-server,turn,tools}/**/*.test.ts'],
          exclude: ['**/node_modules/**', '**/*.integration.test.ts', '**/*.fault.test.ts'],
          // Some start whole programs (the import checker, small supervised processes) on busy machines.
          testTimeout: 30_000,
          expect: expectPatiently,
        },
      },
      ...(existsSync(web) ? [web] : []),
      {
        test: {
          name: 'integration',
          environment: 'node',
          env,
          include: ['{contract,api,media-server,turn,tools}/**/*.integration.test.ts'],
          globalSetup: ['tools/testing/mongod.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
          expect: expectPatiently,
        },
      },
      {
        test: {
          name: 'fault',
          environment: 'node',
          env,
          include: ['{contract,api,media-server,turn,tools}/**/*.fault.test.ts'],
          globalSetup: ['tools/testing/mongod.ts'],
          fileParallelism: false,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'e2e',
          environment: 'node',
          env,
          include: ['e2e/test/**/*.e2e.ts'],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 180_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['{contract,api,media-server,turn}/src/**/*.ts', 'tools/**/*.{ts,mjs}'],
      exclude: ['**/*.test.ts', '**/*.d.ts'],
      reporter: ['text-summary', 'lcov'],
    },
  },
});
