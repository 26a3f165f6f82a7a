import { describe, expect, it } from 'vitest';
import { homePath } from '../session/home-path.ts';
import { navigationOf } from './navigation.ts';

const hrefs = (role: 'patient' | 'doctor' | 'staff' | 'administrator', status: 'active' | 'pending' = 'active') =>
  navigationOf({ role, status }).map((item) => item.href);

describe('navigation by role', () => {
  it('shows each role its own places, and settings to everybody', () => {
    expect(hrefs('patient')).toEqual(['/home', '/appointments', '/doctors', '/records', '/settings']);
    expect(hrefs('doctor')).toEqual(['/home', '/appointments', '/patients', '/schedule', '/settings']);
    expect(hrefs('staff')).toEqual(['/settings']);
    expect(hrefs('administrator')).toEqual(['/admin/people', '/settings']);
  });

  it('offers a pending doctor their hours and settings, and nothing about patients', () => {
    expect(hrefs('doctor', 'pending')).toEqual(['/schedule', '/settings']);
  });

  it.each(['patient', 'doctor', 'staff', 'administrator'] as const)('%s begins at a place of their own', (role) => {
    expect(hrefs(role)).toContain(homePath(role));
  });
});
