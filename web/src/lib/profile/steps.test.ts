import { profileSchema, type OwnProfile, type Profile } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { linesOf, linesProblem, needs, nextStep } from './steps.ts';

const patient = profileSchema.parse({
  role: 'patient',
  name: 'Ana',
  onboarding: { skipped: [] },
  dateOfBirth: null,
  gender: '',
  contactNumber: '',
  bloodGroup: null,
  allergies: [],
  emergencyContact: [],
});
const own = (
  missing: string[],
  skipped: Profile['onboarding']['skipped'] = [],
  avatarId: string | null = 'a'.repeat(24),
): OwnProfile => ({
  profile: { ...patient, onboarding: { skipped } },
  avatarId,
  profileCompleted: missing.length === 0,
  missing,
});

describe('profile in small steps (R21)', () => {
  it('offers the first step that needs something', () => {
    expect(nextStep(own(['gender', 'emergencyContact']))).toBe('person');
    expect(nextStep(own(['emergencyContact']))).toBe('emergency');
    expect(nextStep(own([]))).toBeUndefined();
  });

  it('remembers what was skipped', () => {
    expect(nextStep(own(['gender', 'emergencyContact'], ['person']))).toBe('emergency');
    expect(needs('person', own(['gender'], ['person']))).toBe(true);
  });

  it('offers a picture last, and once', () => {
    expect(nextStep(own(['gender'], [], null))).toBe('person');
    expect(nextStep(own([], [], null))).toBe('avatar');
    expect(nextStep(own([], ['avatar'], null))).toBeUndefined();
    expect(needs('avatar', own([], [], null))).toBe(false);
  });

  it('holds nobody up for allergies or a blood group', () => {
    expect(needs('health', own(['gender']))).toBe(false);
  });

  it('says which line is too long, or that there are too many', () => {
    const limits = { entries: 2, letters: 30 };
    const long = `Penicillin and ${'everything like it '.repeat(2)}`.trim();
    expect(linesProblem(`Nuts\n${'a'.repeat(30)}`, limits)).toBeUndefined();
    expect(linesProblem(`Nuts\n${long}`, limits)).toBe(
      m['profile.lineTooLong']({ line: long.slice(0, 20), most: limits.letters }),
    );
    expect(linesProblem('Nuts\nEggs\nMilk', limits)).toBe(m['profile.tooManyLines']({ most: 2 }));
  });

  it('reads a list as people type it', () => {
    expect(linesOf(' Penicillin \n\nNuts')).toEqual(['Penicillin', 'Nuts']);
    expect(linesOf('Nuts\nPenicillin\nNuts ')).toEqual(['Nuts', 'Penicillin']);
  });
});
