import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { isolateInputs } from './isolate-inputs.ts';

// SvelteKit's own plugin takes the folder that the tests are started in for the app: its router is brought in by hand.
const router = join(dirname(fileURLToPath(import.meta.resolve('@sveltejs/kit'))), '..', 'runtime', 'app');

export default defineConfig({
  plugins: [isolateInputs(), svelte(), svelteTesting()],
  resolve: {
    alias: [
      { find: /^\$app\/(state|navigation|env|paths)$/, replacement: join(router, '$1', 'index.js') },
      { find: '$app/paths/internal/client', replacement: join(router, 'paths', 'internal', 'client.js') },
    ],
  },
  define: {
    __SVELTEKIT_APP_DIR__: '"_app"',
    __SVELTEKIT_APP_VERSION__: '"test"',
    __SVELTEKIT_APP_VERSION_CHECKS_ENABLED__: 'false',
    __SVELTEKIT_APP_VERSION_FILE__: '"version.json"',
    __SVELTEKIT_APP_VERSION_POLL_INTERVAL__: '0',
    __SVELTEKIT_CLIENT_ROUTING__: 'true',
    __SVELTEKIT_DEV__: 'false',
    __SVELTEKIT_EMBEDDED__: 'false',
    __SVELTEKIT_FORK_PRELOADS__: 'false',
    __SVELTEKIT_HASH_ROUTING__: 'false',
    __SVELTEKIT_HAS_SERVER_LOAD__: 'false',
    __SVELTEKIT_HAS_UNIVERSAL_LOAD__: 'true',
    __SVELTEKIT_PATHS_ASSETS__: '""',
    __SVELTEKIT_PATHS_BASE__: '""',
    __SVELTEKIT_PATHS_RELATIVE__: 'false',
    __SVELTEKIT_PAYLOAD__: '({})',
  },
  test: {
    name: 'web',
    root: import.meta.dirname,
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    // Busy machines are slow, and nothing waits longer than it must.
    testTimeout: 30_000,
    expect: { poll: { timeout: 10_000 } },
    // Made of Svelte components, or of what Vite fills in: Node cannot load them by itself.
    server: { deps: { inline: ['@lucide/svelte', '@sveltejs/kit'] } },
  },
});
