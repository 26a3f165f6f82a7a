import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { defineConfig } from 'vitest/config';
import { isolateInputs } from './isolate-inputs.ts';

export default defineConfig({
  plugins: [isolateInputs(), svelte(), svelteTesting()],
  test: {
    name: 'web',
    root: import.meta.dirname,
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    // Its icons are Svelte components, which Node cannot load by itself.
    server: { deps: { inline: ['@lucide/svelte'] } },
  },
});
