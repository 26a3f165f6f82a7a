import { describe, expect, it } from 'vitest';
import { access, permits } from './access.ts';
import { ROLES } from './account.ts';

describe('access declarations (R31)', () => {
  it('lets everybody into what is public', () => {
    for (const role of [undefined, ...ROLES]) expect(permits(access.public, role)).toBe(true);
  });

  it('asks for an account, whatever its role', () => {
    expect(permits(access.signedIn, undefined)).toBe(false);
    for (const role of ROLES) expect(permits(access.signedIn, role)).toBe(true);
  });

  it('lets in the named roles and nobody else', () => {
    const doctorsOnly = access.roles('doctor');
    expect([undefined, ...ROLES].filter((role) => permits(doctorsOnly, role))).toEqual(['doctor']);
  });

  it('never takes an account for a media node', () => {
    for (const role of [undefined, ...ROLES]) expect(permits(access.mediaNode, role)).toBe(false);
  });
});
