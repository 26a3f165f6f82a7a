import {
  missingFieldSchema,
  profileSchema,
  type MissingField,
  type OwnProfile,
  type Profile,
} from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { isOpen, isUnfinished, linesOf, linesProblem, nextStep, progressOf } from './steps.ts';
import { patientProfileOf } from './testing/patient-profile.ts';

const patient = patientProfileOf();
const doctor = profileSchema.parse({
  role: 'doctor',
  name: 'Dr Lima',
  onboarding: { skipped: [] },
  specialization: 'Skin',
  qualification: 'MD',
  experienceYears: 3,
  about: 'Skin',
  languages: [],
  contactNumber: '1',
  timeZone: 'Europe/Berlin',
  schedule: [],
});
const own = (
  missing: MissingField[],
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
    expect(isOpen('person', own(['gender'], ['person']))).toBe(true);
  });

  it('offers a picture last, and once', () => {
    expect(nextStep(own(['gender'], [], null))).toBe('person');
    expect(nextStep(own([], [], null))).toBe('avatar');
    expect(nextStep(own([], ['avatar'], null))).toBeUndefined();
  });

  it('offers health until somebody has said whether they have allergies, or has skipped it', () => {
    const asked = own([]);
    const { skipped } = asked.profile.onboarding;
    const unasked: OwnProfile = { ...asked, profile: { ...patient, onboarding: { skipped }, allergies: null } };
    expect(nextStep(unasked)).toBe('health');
    expect(progressOf(unasked)).toEqual({ parts: 3, open: ['health'] });
    expect(isUnfinished(unasked)).toBe(true);
    const later: OwnProfile = { ...unasked, profile: { ...unasked.profile, onboarding: { skipped: ['health'] } } };
    expect([nextStep(later), isUnfinished(later), isOpen('health', later)]).toEqual([undefined, false, true]);
    expect([nextStep(asked), isOpen('health', asked)]).toEqual([undefined, false]);
  });

  it('has a place for the hours of a doctor, without which nobody can book', () => {
    const unbookable: OwnProfile = { profile: doctor, avatarId: null, profileCompleted: false, missing: ['schedule'] };
    expect(nextStep(unbookable)).toBe('schedule');
    expect(progressOf(unbookable)).toEqual({ parts: 3, open: ['schedule'] });
    const later: OwnProfile = { ...unbookable, profile: { ...doctor, onboarding: { skipped: ['schedule'] } } };
    expect(nextStep(later)).toBe('avatar');
  });

  it.each(missingFieldSchema.options)('has a step for everything that a complete profile can need: %s', (field) => {
    const needed: Pick<OwnProfile, 'avatarId' | 'profileCompleted' | 'missing'> = {
      avatarId: null,
      profileCompleted: false,
      missing: [field],
    };
    const open = [patient, doctor].map((profile) => progressOf({ ...needed, profile }).open.length);
    expect(Math.max(...open)).toBe(1);
  });

  it('sends a doctor whose zone is not clear to the hours', () => {
    const unclear: OwnProfile = { profile: doctor, avatarId: null, profileCompleted: false, missing: ['timeZone'] };
    expect([nextStep(unclear), progressOf(unclear).open, isUnfinished(unclear)]).toEqual([
      'schedule',
      ['schedule'],
      true,
    ]);
  });

  it('asks on the home for what care waits for, not for a picture, and not for what was put off', () => {
    expect(isUnfinished(own([], [], null))).toBe(false);
    expect(isUnfinished(own(['gender', 'emergencyContact'], ['person']))).toBe(true);
    expect(isUnfinished(own(['gender', 'emergencyContact'], ['person', 'emergency']))).toBe(false);
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
