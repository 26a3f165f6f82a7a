import type { Profile } from '@health-connect/contract';

/** The profile of Ana, who has told nothing yet, for tests. */
export const patientProfileOf = (
  changes: Partial<Extract<Profile, { role: 'patient' }>> = {},
): Extract<Profile, { role: 'patient' }> => ({
  role: 'patient',
  name: 'Ana',
  onboarding: { skipped: [] },
  dateOfBirth: null,
  gender: '',
  contactNumber: '',
  bloodGroup: null,
  allergies: [],
  emergencyContact: [],
  ...changes,
});
