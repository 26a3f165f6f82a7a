import { existsSync } from 'node:fs';
import { join } from 'node:path';

/**
 * @typedef {'web-sources' | 'web-build' | 'mongod' | 'worker' | 'chromium' | 'turnserver'} Need
 *
 * @typedef {object} Task
 * @property {readonly Need[]} needs what it needs beside Node and the npm packages
 * @property {(root: string) => string[]} command arguments of Node
 */

const runner = (/** @type {string[]} */ ...stages) => ['tools/runner/main.ts', ...stages];

/** @type {Record<string, Task>} */
export const tasks = {
  start: { needs: ['web-build', 'mongod', 'worker'], command: () => ['tools/start/main.ts'] },
  test: {
    needs: ['web-sources', 'web-build', 'mongod', 'worker', 'chromium', 'turnserver'],
    command: () => runner(),
  },
  'prepare:image': { needs: ['web-build', 'worker'], command: () => ['tools/prepare/main.ts'] },
  lint: { needs: ['web-sources'], command: () => runner('lint') },
  check: { needs: ['web-sources'], command: () => runner('check') },
  'test:unit': { needs: ['web-sources'], command: () => runner('unit') },
  'test:integration': { needs: ['mongod', 'worker', 'turnserver'], command: () => runner('integration') },
  'test:fault': { needs: ['mongod', 'worker'], command: () => runner('fault') },
  'test:e2e': { needs: ['web-build', 'mongod', 'worker', 'chromium'], command: () => runner('e2e') },
  'test:broken': { needs: ['mongod', 'worker'], command: () => ['tools/broken-builds/main.ts'] },
  bench: { needs: ['web-build', 'mongod', 'worker', 'chromium'], command: () => ['bench/src/main.ts'] },
  'audit:verify': { needs: ['mongod'], command: () => ['tools/audit/main.ts'] },
  format: {
    needs: [],
    command: (root) => [join(root, 'node_modules', 'prettier', 'bin', 'prettier.cjs'), '--write', '.'],
  },
};

/**
 * @param {string} root
 * @param {Task} task
 * @returns {string[]} Node's arguments, the script with its whole path
 */
export function commandOf(root, task) {
  const [script = '', ...args] = task.command(root);

  return [existsSync(script) ? script : join(root, script), ...args];
}
