import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { paraglideVitePlugin } from '@inlang/paraglide-js';
import adapter from '@sveltejs/adapter-static';
import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig, type Plugin } from 'vite';
import { isolateInputs } from './isolate-inputs.ts';

/** CSP hash of the inline script in app.html that sets the theme before first paint. */
function themeScriptHash(): `sha256-${string}` {
  const script = /<script>([\s\S]*?)<\/script>/.exec(readFileSync(new URL('src/app.html', import.meta.url), 'utf8'));
  if (script?.[1] === undefined) throw new Error('src/app.html has lost its theme script');
  return `sha256-${createHash('sha256').update(script[1]).digest('base64')}`;
}

/**
 * Leaves parts of mediasoup-client out that no browser of ours reaches: its test doubles, React Native, and Chromium
 * before 111, for which neither Vite nor Svelte builds. They are a third of its size.
 */
function withoutUnreachableHandlers(): Plugin {
  const unreachable = /\/(FakeHandler|fakeParameters|ReactNative106|Chrome74)$/;
  const nothing = '\0unreachable-handler';
  return {
    name: 'without-unreachable-handlers',
    enforce: 'pre',
    resolveId(source, importer) {
      return importer?.includes('/mediasoup-client/lib/') && unreachable.test(source) ? nothing : undefined;
    },
    load(id) {
      return id === nothing ? 'export {};' : undefined;
    },
  };
}

/**
 * Leaves out of the browser's script what only servers use of libraries that cannot tell: zod's making of JSON schemas
 * (the api's document of itself) and devalue's writing of scripts into pages. They are a twentieth of what a call loads.
 * Whoever uses them in the web app is told so when it runs.
 */
function withoutServerParts(): Plugin {
  const parts = /\/zod\/v4\/core\/(json-schema-processors|to-json-schema)\.js$|\/devalue\/src\/uneval\.js$/;
  return {
    name: 'without-server-parts',
    enforce: 'pre',
    applyToEnvironment: (environment) => environment.name === 'client',
    load(id) {
      if (!parts.test(id)) return undefined;
      const names = [...readFileSync(id, 'utf8').matchAll(/^export (?:const|function) (\w+)/gm)].map(
        ([, name]) => name,
      );
      const refuse =
        'const refuse = () => { throw new Error("This is left out of the web app: see vite.config.ts"); };';
      return `${refuse}\nexport { ${names.map((name) => `refuse as ${name}`).join(', ')} };`;
    },
  };
}

export default defineConfig({
  plugins: [
    withoutUnreachableHandlers(),
    withoutServerParts(),
    isolateInputs(),
    paraglideVitePlugin({
      project: './project.inlang',
      outdir: './src/lib/paraglide',
      strategy: ['localStorage', 'preferredLanguage', 'baseLocale'],
      emitTsDeclarations: true,
    }),
    sveltekit({
      adapter: adapter({ fallback: '200.html', precompress: true }),
      paths: { relative: false },
      // The server sends the same as a header, from the hashes in the page, with what a meta tag cannot say.
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
  build: {
    sourcemap: false,
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            // Runs before anything else of SvelteKit does: what that reads, such as the version, is set in it.
            { name: 'start', test: /\/runtime\/client\/payload\.js|preload-helper/, priority: 1 },
            // What most pages need is one file: dozens of tiny ones compress worse and each costs a request.
            { name: 'shared', test: /\/web\/src\/|\/contract\/|lucide|@sveltejs/, minShareCount: 12 },
          ],
        },
      },
    },
  },
});
