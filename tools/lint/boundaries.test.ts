import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ESLint, Linter } from 'eslint';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const LEAF = 'export const leaf = 1;\n';

/** Each row is one wrong import, and the rule of `.dependency-cruiser.cjs` that must refuse it. */
const WRONG_IMPORTS = [
  ['api/src/probe.ts', '../../media-server/src/leaf.ts', 'servers-apart'],
  ['media-server/src/probe.ts', '../../api/src/leaf.ts', 'servers-apart'],
  ['web/src/probe.ts', '../../api/src/leaf.ts', 'servers-apart'],
  ['web/src/Probe.svelte', '../../api/src/leaf.ts', 'servers-apart'],
  ['contract/src/probe.ts', '../../api/src/leaf.ts', 'contract-stands-alone'],
  ['media-server/src/rooms/probe.ts', 'mediasoup/index.js', 'mediasoup-in-sfu-only'],
  ['web/src/lib/ui/probe.ts', 'mediasoup-client/index.js', 'mediasoup-client-in-call-only'],
  ['web/src/lib/call/probe.ts', 'socket.io-client/index.js', 'sockets-opened-in-realtime-only'],
  ['api/src/accounts/account.service.ts', 'mongoose/index.js', 'mongoose-behind-repositories'],
  ['api/src/accounts/account.routes.ts', './account.repository.ts', 'routes-stay-thin'],
  ['api/src/probe.ts', './leaf.test.ts', 'tests-are-not-imported'],
  ['api/src/probe.ts', './nowhere.ts', 'resolvable'],
] as const;

describe('import rules', () => {
  let tree: string;

  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(tree, path)), { recursive: true });
    writeFileSync(join(tree, path), text);
  };

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'health-connect-imports-'));
    for (const folder of ['api', 'media-server', 'web', 'contract']) write(`${folder}/src/leaf.ts`, LEAF);
    for (const engine of ['mediasoup', 'mediasoup-client', 'socket.io-client', 'mongoose']) {
      write(`node_modules/${engine}/package.json`, JSON.stringify({ name: engine, version: '1.0.0' }));
      write(`node_modules/${engine}/index.js`, LEAF);
    }
    write('api/src/accounts/account.repository.ts', LEAF);
    write('api/src/leaf.test.ts', LEAF);
    write('tsconfig.json', '{}');
    write('package.json', '{"type":"module","dependencies":{}}');
    symlinkSync(join(root, '.dependency-cruiser.cjs'), join(tree, '.dependency-cruiser.cjs'));
  });
  afterEach(() => {
    rmSync(tree, { recursive: true });
  });

  const cruise = () =>
    spawnSync(
      process.execPath,
      [
        join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs'),
        'api',
        'media-server',
        'web',
        'contract',
      ],
      { cwd: tree, encoding: 'utf8' },
    );

  it('accept a tree without wrong imports', () => {
    const result = cruise();
    expect(result.stdout).toContain('no dependency violations found');
    expect(result.status).toBe(0);
  });

  it.each(WRONG_IMPORTS)('refuse %s -> %s by %s', (from, to, rule) => {
    const script = `import { leaf } from '${to}';\nexport const value = leaf;\n`;
    write(from, from.endsWith('.svelte') ? `<script lang="ts">\n${script}</script>\n` : script);
    const result = cruise();
    expect(result.stdout).toContain(`error ${rule}: ${from}`);
    expect(result.status).not.toBe(0);
  });

  it('refuse two modules that import each other', () => {
    write('api/src/one.ts', `import { two } from './two.ts';\nexport const one = () => two;\n`);
    write('api/src/two.ts', `import { one } from './one.ts';\nexport const two = () => one;\n`);
    expect(cruise().stdout).toContain('error no-cycles: ');
  });
});

describe('eslint', () => {
  it.each([
    ['api/src/config.ts', 'mongoose'],
    ['media-server/src/config.ts', 'mediasoup'],
    ['web/src/lib/ui/button.ts', 'mediasoup-client'],
    ['web/src/lib/call/session.ts', 'socket.io-client'],
  ])('refuses in %s an import of %s already while it is being typed', async (file, engine) => {
    const config: unknown = await new ESLint({ cwd: root }).calculateConfigForFile(file);
    const rule = (config as { rules: Record<string, Linter.RuleEntry> }).rules['no-restricted-imports'];
    const messages = new Linter().verify(`import '${engine}';`, { rules: { 'no-restricted-imports': rule ?? 'off' } });
    expect(messages).toHaveLength(1);
  });
});
