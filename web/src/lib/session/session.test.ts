import { describe, expect, it } from 'vitest';
import { forgetOldReturn, pathWithNext, rememberReturn, safeReturnPath, signInPath, takeReturn } from './return-to.ts';
import { resolveTheme, storedTheme, storeTheme } from './theme.ts';

const origin = 'https://clinic.org';

describe('where sign-in leads back to', () => {
  it.each([
    ['/consultation/1?x=2#y', '/consultation/1?x=2#y'],
    [null, '/'],
    ['https://evil.test/', '/'],
    ['//evil.test/', '/'],
    ['/\\evil.test', '/'],
    ['/.//evil.test/', '/'],
    ['/doctors/..//evil.test/', '/'],
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

describe('the way back of somebody who makes an account first', () => {
  const from = { email: ' Noa@Hospital.example', path: '/doctors/1?time=2030-05-06T10:00:00.000Z' };

  it('is kept through the mail, for them alone and once', () => {
    rememberReturn(localStorage, from);
    expect(takeReturn(localStorage, 'somebody@else.example')).toBeNull();
    expect(takeReturn(localStorage, 'noa@hospital.example')).toBe(from.path);
    expect(takeReturn(localStorage, 'noa@hospital.example')).toBeNull();
  });

  it('ends after a day', () => {
    rememberReturn(localStorage, from, 0);
    expect(takeReturn(localStorage, 'noa@hospital.example', 24 * 60 * 60_000)).toBeNull();
    rememberReturn(localStorage, from, 0);
    forgetOldReturn(localStorage, 24 * 60 * 60_000 - 1);
    expect(localStorage.length).toBe(1);
    expect(takeReturn(localStorage, 'somebody@else.example', 24 * 60 * 60_000)).toBeNull();
    expect(localStorage.length).toBe(0);
  });

  it('is told to the page that makes the account', () => {
    expect(pathWithNext('/signup', { pathname: '/doctors/1', search: '?a=b' })).toBe(
      '/signup?next=%2Fdoctors%2F1%3Fa%3Db',
    );
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
