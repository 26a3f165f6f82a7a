import { z } from 'zod';
import { documentIdSchema, timeZoneSchema } from './ids.ts';
import { personNameSchema } from './account.ts';
import { MOST_WORKING_TIMES, workingTimeSchema } from './schedule.ts';
import { line, paragraph } from './text.ts';
import { calendarDateSchema } from './time.ts';

/** A birthday: not before 1900, not in the future anywhere on earth. */
export const birthDateSchema = calendarDateSchema.refine(isPossibleBirthday, { error: 'This cannot be a birthday' });

const LARGEST_ZONE_OFFSET_MS = 14 * 60 * 60_000;

function isPossibleBirthday(date: string): boolean {
  return date >= '1900-01-01' && Date.parse(date) <= Date.now() + LARGEST_ZONE_OFFSET_MS;
}

export const BLOOD_GROUPS = ['A+', 'A-', 'B+', 'B-', 'AB+', 'AB-', 'O+', 'O-'] as const;

const phoneSchema = line(40);

/** How many entries a list of a profile may have, and how long each of them may be. */
export const ALLERGY_LIMITS = { entries: 50, letters: 120 } as const;
export const LANGUAGE_LIMITS = { entries: 20, letters: 60 } as const;

const ABOUT_LETTERS = 4000;

/** What is known of a doctor beyond the account (R20). */
export const doctorProfileSchema = z.strictObject({
  specialization: line(120),
  qualification: line(200),
  experienceYears: z.int().min(0).max(80).nullable(),
  about: z.string().max(ABOUT_LETTERS),
  languages: z.array(line(LANGUAGE_LIMITS.letters).min(1)).max(LANGUAGE_LIMITS.entries),
  contactNumber: phoneSchema,
  /** IANA zone in which the schedule is meant. */
  timeZone: timeZoneSchema,
  schedule: z.array(workingTimeSchema).max(MOST_WORKING_TIMES),
});
export type DoctorProfile = z.infer<typeof doctorProfileSchema>;

/** Most people whom the clinic may phone for a patient. */
export const EMERGENCY_CONTACTS_MAX = 5;

export const emergencyContactSchema = z.strictObject({
  name: personNameSchema,
  relationship: line(60),
  phone: phoneSchema.min(3),
});
export type EmergencyContact = z.infer<typeof emergencyContactSchema>;

/** What is known of a patient beyond the account (R21). */
export const patientProfileSchema = z.strictObject({
  dateOfBirth: birthDateSchema.nullable(),
  gender: line(40),
  contactNumber: phoneSchema,
  /** `null` where the person does not know it. */
  bloodGroup: z.enum(BLOOD_GROUPS).nullable(),
  /** `null` until the person has answered: that nobody was asked must never be read as "no allergies". */
  allergies: z.array(line(ALLERGY_LIMITS.letters).min(1)).max(ALLERGY_LIMITS.entries).nullable(),
  emergencyContact: z.array(emergencyContactSchema).max(EMERGENCY_CONTACTS_MAX),
});
export type PatientProfile = z.infer<typeof patientProfileSchema>;

/** Steps of onboarding, each of which can be skipped. */
export const ONBOARDING_STEPS = {
  patient: ['person', 'health', 'emergency', 'avatar'],
  doctor: ['practice', 'about', 'schedule', 'avatar'],
  staff: ['avatar'],
  administrator: ['avatar'],
} as const;
export const onboardingSchema = z.strictObject({
  skipped: z.array(z.enum([...ONBOARDING_STEPS.patient, ...ONBOARDING_STEPS.doctor])).max(8),
});
export type Onboarding = z.infer<typeof onboardingSchema>;

const shared = { name: personNameSchema, onboarding: onboardingSchema };

/** The own profile; which fields it has depends on the role. */
export const profileSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('doctor'), ...shared, ...doctorProfileSchema.shape }),
  z.strictObject({ role: z.literal('patient'), ...shared, ...patientProfileSchema.shape }),
  z.strictObject({ role: z.literal('staff'), ...shared }),
  z.strictObject({ role: z.literal('administrator'), ...shared }),
]);
export type Profile = z.infer<typeof profileSchema>;

/** That somebody was asked for allergies is not taken back. */
const patientChangeSchema = patientProfileSchema.extend({ allergies: patientProfileSchema.shape.allergies.unwrap() });
/** Zone and working times change with `PUT /api/schedule` only, which looks after what is booked. */
const doctorChangeSchema = doctorProfileSchema
  .omit({ timeZone: true, schedule: true })
  .extend({ about: paragraph(ABOUT_LETTERS) });
const sharedChange = z.strictObject(shared).partial().shape;

/** Some fields of the own profile: what is left out stays as it is. */
export const profileChangeSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.literal('doctor'), ...sharedChange, ...doctorChangeSchema.partial().shape }),
  z.strictObject({ role: z.literal('patient'), ...sharedChange, ...patientChangeSchema.partial().shape }),
  z.strictObject({ role: z.literal('staff'), ...sharedChange }),
  z.strictObject({ role: z.literal('administrator'), ...sharedChange }),
]);
export type ProfileChange = z.infer<typeof profileChangeSchema>;

/** Fields that a profile is not complete without; the zone of a doctor when what is stored means several places. */
export const missingFieldSchema = z.enum([
  'dateOfBirth',
  'gender',
  'contactNumber',
  'emergencyContact',
  'specialization',
  'qualification',
  'experienceYears',
  'about',
  'schedule',
  'timeZone',
]);
export type MissingField = z.infer<typeof missingFieldSchema>;

/** The own profile with what follows from it. */
export const ownProfileSchema = z.object({
  profile: profileSchema,
  avatarId: documentIdSchema.nullable(),
  profileCompleted: z.boolean(),
  /** Fields that a complete profile has and this one has not. */
  missing: z.array(missingFieldSchema),
});
export type OwnProfile = z.infer<typeof ownProfileSchema>;

const NEEDED = {
  doctor: ['specialization', 'qualification', 'experienceYears', 'about', 'contactNumber', 'schedule'],
  patient: ['dateOfBirth', 'gender', 'contactNumber', 'emergencyContact'],
  staff: [],
  administrator: [],
} as const satisfies Record<Profile['role'], readonly MissingField[]>;

const isEmpty = (value: unknown): boolean =>
  value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);

/**
 * What a complete profile still needs; a profile is complete when it needs nothing (R21). Allergies may be none and a
 * blood group unknown: neither holds anybody up.
 */
export function missingInProfile(profile: Profile): MissingField[] {
  const values: Readonly<Record<string, unknown>> = profile;
  return NEEDED[profile.role].filter((field) => isEmpty(values[field]));
}
