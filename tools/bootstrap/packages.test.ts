import { describe, expect, it } from 'vitest';
import { sameTree } from './packages.mjs';

const wanted = {
  '': { version: '1.0.0' },
  api: { version: '0.1.0' },
  'node_modules/@own/api': { link: true },
  'node_modules/koa': { version: '3.0.0', integrity: 'sha512-a' },
  'node_modules/koa/node_modules/debug': { version: '4.0.0', integrity: 'sha512-b' },
  'node_modules/for-another-platform': { version: '1.0.0', integrity: 'sha512-c', optional: true },
};
const installed = {
  'node_modules/@own/api': { link: true },
  'node_modules/koa': { version: '3.0.0', integrity: 'sha512-a' },
  'node_modules/koa/node_modules/debug': { version: '4.0.0', integrity: 'sha512-b' },
};

describe('a tree that npm install has left', () => {
  it('is good when it is what the lockfile pins', () => {
    expect(sameTree(wanted, installed)).toBe(true);
  });

  it.each([
    ['lacks a package', { 'node_modules/koa': installed['node_modules/koa'] }],
    ['has another version', { ...installed, 'node_modules/koa': { version: '3.0.1', integrity: 'sha512-a' } }],
    ['has other content', { ...installed, 'node_modules/koa': { version: '3.0.0', integrity: 'sha512-x' } }],
    ['has a package more', { ...installed, 'node_modules/more': { version: '1.0.0' } }],
  ])('is not good when it %s', (_name, tree) => {
    expect(sameTree(wanted, tree)).toBe(false);
  });
});
