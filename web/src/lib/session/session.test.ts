import { describe, expect, it } from 'vitest';
import { safeReturnPath, signInPath } from './return-to.ts';
import { resolveTheme, storedTheme, storeTheme } from './theme.ts';

const origin = 'https://clinic.org';

describe('where sign-in leads back to', () => {
  it.each([
    ['/consultation/1?x=2#y', '/consultation/1?x=2#y'],
    [null, '/'],
    ['https://evil.test/', '/'],
    ['//evil.test/', '/'],
    ['/\\evil.test', '/'],
    ['javascript:alert(1)', '/'],
    ['/login?next=/login', '/'],
  ])('%s leads to %s', (next, path) => {
    expect(safeReturnPath(next, origin)).toBe(path);
  });

  it('keeps the place and its query', () => {
    expect(signInPath({ pathname: '/appointments', search: '?show=past' })).toBe(
      '/login?next=%2Fappointments%3Fshow%3Dpast',
    );
    expect(signInPath({ pathname: '/', search: '' })).toBe('/login');
  });
});

describe('theme (R53)', () => {
  it('follows the device until somebody chooses', () => {
    expect(resolveTheme('system', true)).toBe('dark');
    expect(resolveTheme('system', false)).toBe('light');
    expect(resolveTheme('light', true)).toBe('light');
  });

  it('is remembered, and nonsense in the storage counts as no choice', () => {
    storeTheme(localStorage, 'dark');
    expect(storedTheme(localStorage)).toBe('dark');
    storeTheme(localStorage, 'system');
    expect(storedTheme(localStorage)).toBe('system');
    localStorage.setItem('hc.theme', 'pink');
    expect(storedTheme(localStorage)).toBe('system');
  });
});
