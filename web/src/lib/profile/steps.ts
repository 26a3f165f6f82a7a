import type { MissingField, OwnProfile, Profile } from '@health-connect/contract';
import { m } from '../paraglide/messages.js';

/** The steps of the profile. */
export type ProfileStep = 'name' | 'person' | 'health' | 'emergency' | 'practice' | 'about' | 'schedule' | 'avatar';

/** The steps of a role, in order; each holds a few fields that belong together. */
export const PROFILE_STEPS = {
  patient: ['person', 'health', 'emergency', 'avatar'],
  doctor: ['practice', 'about', 'schedule', 'avatar'],
  staff: ['name', 'avatar'],
  administrator: ['name', 'avatar'],
} as const satisfies Record<Profile['role'], readonly ProfileStep[]>;

/** Where each field is filled in that a complete profile needs. */
const FIELDS: Readonly<Record<ProfileStep, readonly MissingField[]>> = {
  name: [],
  person: ['dateOfBirth', 'gender', 'contactNumber'],
  health: [],
  emergency: ['emergencyContact'],
  practice: ['specialization', 'qualification', 'experienceYears', 'contactNumber'],
  about: ['about'],
  schedule: ['schedule', 'timeZone'],
  avatar: [],
};

/** Whether a complete profile still needs something of a step. Nobody has to name allergies or a blood group. */
function needs(step: ProfileStep, own: OwnProfile): boolean {
  return FIELDS[step].some((field) => own.missing.includes(field));
}

/** A step that can be left for later. Everybody has a name already. */
export type SkippableStep = Exclude<ProfileStep, 'name'>;

/**
 * Whether a step can be filled in. A picture can, though a profile is complete without one; so can health, until the
 * person has said whether they have allergies: a doctor has to tell "none" from "not asked".
 */
export function isOpen(step: ProfileStep, own: OwnProfile): boolean {
  if (step === 'avatar') return own.avatarId === null;
  if (step === 'health') return own.profile.role === 'patient' && own.profile.allergies === null;
  return needs(step, own);
}

/** What a home asks for: a picture is nothing that care waits for. */
type ProfilePart = Exclude<SkippableStep, 'avatar'>;
const isPart = (step: ProfileStep): step is ProfilePart => step !== 'name' && step !== 'avatar';

/** How far a profile is: its parts, and those that are open still. */
export function progressOf(own: OwnProfile): { readonly parts: number; readonly open: readonly ProfilePart[] } {
  const steps: readonly ProfileStep[] = PROFILE_STEPS[own.profile.role];
  const parts = steps.filter(isPart);
  return { parts: parts.length, open: parts.filter((part) => isOpen(part, own)) };
}

/** Whether the person is to be asked to complete the profile: something is open that they have not put off. */
export function isUnfinished(own: OwnProfile): boolean {
  const { skipped } = own.profile.onboarding;
  return progressOf(own).open.some((part) => !skipped.includes(part));
}

/** The step to offer next: the first that can be filled in and was not skipped. */
export function nextStep(own: OwnProfile): ProfileStep | undefined {
  const { skipped } = own.profile.onboarding;
  return PROFILE_STEPS[own.profile.role].find(
    (step) => step !== 'name' && isOpen(step, own) && !skipped.includes(step),
  );
}

/** One entry a line, as people type a list; what stands there twice counts once. */
export function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ''))];
}

/** What of a typed list cannot be saved, in words; `undefined` when all of it can. */
export function linesProblem(
  text: string,
  { entries, letters }: { readonly entries: number; readonly letters: number },
): string | undefined {
  const lines = linesOf(text);
  const long = lines.find((line) => line.length > letters);
  if (long !== undefined) return m['profile.lineTooLong']({ line: long.slice(0, 20), most: letters });
  return lines.length > entries ? m['profile.tooManyLines']({ most: entries }) : undefined;
}
