import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vite';

/** CSP hash of the inline script in app.html that sets the theme before first paint. */
function themeScriptHash(): `sha256-${string}` {
  const script = /<script>([\s\S]*?)<\/script>/.exec(readFileSync(new URL('src/app.html', import.meta.url), 'utf8'));
  if (script?.[1] === undefined) throw new Error('src/app.html has lost its theme script');
  return `sha256-${createHash('sha256').update(script[1]).digest('base64')}`;
}

export default defineConfig({
  plugins: [
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
    }),
    sveltekit({
      adapter: adapter({ fallback: '200.html', precompress: true }),
      paths: { relative: false },
      // The server adds what a meta tag cannot say: frame-ancestors.
      csp: {
        mode: 'hash',
        directives: {
          'default-src': ['self'],
          'script-src': ['self', themeScriptHash()],
          'style-src': ['self'],
          // Only the `style` attribute of SvelteKit's route announcer.
          'style-src-attr': ['unsafe-hashes', 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='],
          'img-src': ['self', 'data:', 'blob:'],
          'media-src': ['self', 'blob:'],
          // Signalling is a WebSocket to a media node, whose address only the installation knows.
          'connect-src': ['self', 'ws:', 'wss:'],
          'base-uri': ['none'],
          'form-action': ['self'],
          'object-src': ['none'],
        },
      },
    }),
  ],
  build: { sourcemap: false },
});
