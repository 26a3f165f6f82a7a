/** How large a hospital is filled in. */
export interface HospitalSize {
  readonly doctors: number;
  readonly patients: number;
  readonly appointments: number;
}

/** Where time is the same in summer and winter, so that wall times need no calendar to be computed. */
export const ZONES = [
  { timeZone: 'Africa/Lagos', offsetMinutes: 60 },
  { timeZone: 'Asia/Kolkata', offsetMinutes: 330 },
  { timeZone: 'Asia/Tokyo', offsetMinutes: 540 },
  { timeZone: 'America/Bogota', offsetMinutes: -300 },
  { timeZone: 'America/Phoenix', offsetMinutes: -420 },
] as const;

export const SPECIALIZATIONS = [
  'Dermatology',
  'Cardiology',
  'Pädiatrie',
  'Neurology',
  'Psychiatry',
  'General medicine',
  'Orthopaedics',
  'Endocrinology',
  'Gynaecology',
  'Ophthalmology',
] as const;
const FIRST_NAMES = ['Ana', 'Bjørn', 'Chloé', 'Dmitri', 'Emine', 'Farid', 'Grace', 'Hélène', 'Ivo', 'João', 'Keiko'];
const LAST_NAMES = ['Müller', 'Okafor', 'Souza', 'Lindqvist', 'Haddad', 'Novák', 'Tanaka', 'Dubois', 'Ferrari'];
const LANGUAGES = ['English', 'Deutsch', 'Français', 'Português', 'العربية', '日本語'];

/**
 * Every busy person has as many appointments in the small hospital as in the large one, so that both answer pages of
 * the same length: in the small one, fewer are busy.
 */
export const VISITS_OF_DOCTOR = 200;
/** Beside all others: doctors whose working time is taken for as far ahead as it can be booked. */
export const BOOKED_OUT_DOCTORS = 5;
/** How far ahead everybody can be booked. */
export const FURTHEST_DAYS = 90;
const PAST_VISITS = 160;
/** The first ones of them are older than a year, and so in the archive. */
const ARCHIVED_VISITS = 80;
const ARCHIVED_AFTER_DAYS = 400;
/** How many visits each busy patient has, with all doctors together. */
export const VISITS_OF_PATIENT = 20;
const PATIENTS_OF_DOCTOR = VISITS_OF_DOCTOR / VISITS_OF_PATIENT;
/** So many doctors, at least, and up to two more. */
const FEWEST_DOCTORS = 3;
const VISITS_A_DAY = 6;
const VISIT_MINUTES = 20;
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const FIRST_HOUR_MINUTES = 9 * 60;
const HOURS_A_DAY = 8;

const pick = <T>(values: readonly T[], index: number): T => {
  const value = values[index % values.length];
  if (value === undefined) throw new RangeError('There is nothing to pick from');
  return value;
};

export const zoneOf = (doctor: number) => pick(ZONES, doctor);
export const busyDoctors = ({ appointments }: HospitalSize): number => appointments / VISITS_OF_DOCTOR;

export function doctorFacts(doctor: number) {
  const specialization = pick(SPECIALIZATIONS, doctor);
  return {
    name: `Dr. ${pick(FIRST_NAMES, doctor * 3)} ${pick(LAST_NAMES, doctor)}-${doctor}`,
    specialization,
    qualification: 'MD',
    experienceYears: doctor % 40,
    about: `Specialist in ${specialization.toLowerCase()}. Years of work with patients of every age, number ${doctor}.`,
    languages: [pick(LANGUAGES, doctor), pick(LANGUAGES, doctor + 1)],
    timeZone: zoneOf(doctor).timeZone,
  };
}

export const patientName = (patient: number): string =>
  `${pick(FIRST_NAMES, patient)} ${pick(LAST_NAMES, patient * 5)}`;

/** A visit of a doctor: the earlier ones are over, the later ones lie before us. No two of a person overlap. */
export interface Visit {
  readonly doctor: number;
  readonly patient: number;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly date: string;
  readonly startTime: string;
  readonly endTime: string;
  readonly timeZone: string;
  readonly isPast: boolean;
  readonly isArchived: boolean;
}

const clock = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;

/**
 * Who is seen in a doctor's visit of this number: somebody has 3 to 5 doctors, all of one zone, and visits them in turns,
 * each time at another hour, so that nobody is needed in two places.
 */
function patientOf(size: HospitalSize, doctor: number, number: number): number {
  const busy = busyDoctors(size);
  const place = number % PATIENTS_OF_DOCTOR;
  const turn = Math.floor(number / PATIENTS_OF_DOCTOR) % (FEWEST_DOCTORS + (place % 3));
  const first = (doctor + busy - turn * ZONES.length) % busy;
  return first + busy * place;
}

/** @param size with a multiple of 1,000 appointments, 5,000 at least: as many doctors in each zone */
export function visitOf(size: HospitalSize, doctor: number, number: number, todayMs: number): Visit {
  const isPast = number < PAST_VISITS;
  const isArchived = number < ARCHIVED_VISITS;
  const place = number - (isPast ? (isArchived ? 0 : ARCHIVED_VISITS) : PAST_VISITS);
  const days = 1 + Math.floor(place / VISITS_A_DAY) + (isArchived ? ARCHIVED_AFTER_DAYS : 0);
  const startMinutes = FIRST_HOUR_MINUTES + (place % VISITS_A_DAY) * 2 * VISIT_MINUTES;
  const { timeZone, offsetMinutes } = zoneOf(doctor);
  const dayMs = todayMs + (isPast ? -days : days) * DAY_MS;
  const startsAt = new Date(dayMs + (startMinutes - offsetMinutes) * MINUTE_MS);
  return {
    doctor,
    patient: patientOf(size, doctor, number),
    startsAt,
    endsAt: new Date(startsAt.getTime() + VISIT_MINUTES * MINUTE_MS),
    date: new Date(dayMs).toISOString().slice(0, 10),
    startTime: clock(startMinutes),
    endTime: clock(startMinutes + VISIT_MINUTES),
    timeZone,
    isPast,
    isArchived,
  };
}

/** When the slots of a booked-out doctor begin, all of them: 20 minutes each, from 9 to 17 o'clock. */
export function* bookedOutTimes(doctor: number, todayMs: number): Generator<{ startsAt: Date; endsAt: Date }> {
  const { offsetMinutes } = zoneOf(doctor);
  for (let day = -1; day <= FURTHEST_DAYS + 1; day += 1) {
    const firstMs = todayMs + day * DAY_MS + (FIRST_HOUR_MINUTES - offsetMinutes) * MINUTE_MS;
    for (let slot = 0; slot < HOURS_A_DAY * 3; slot += 1) {
      const startMs = firstMs + slot * VISIT_MINUTES * MINUTE_MS;
      yield { startsAt: new Date(startMs), endsAt: new Date(startMs + VISIT_MINUTES * MINUTE_MS) };
    }
  }
}

/** How many patients are busy: in the large hospital, all of them. */
export const patientsOf = ({ appointments }: HospitalSize): number => appointments / VISITS_OF_PATIENT;
