import type { NewAppointment } from '../appointments/appointment.repository.ts';
import { appointmentTime, workingDay } from '../appointments/wall-time.ts';
import { DEMO_DOCTORS } from './people.ts';

/** One appointment of the demonstration hospital; doctor and patient by their place in the list. */
interface DemoVisit {
  readonly doctor: number;
  readonly patient: number;
  /** Working days from today; negative is past. */
  readonly day: number;
  readonly time: string;
  readonly reason: string;
  readonly status: 'completed' | 'scheduled' | 'pending';
  readonly notes?: string;
  readonly rating?: number;
  readonly review?: string;
}

const VISITS: readonly DemoVisit[] = [
  {
    doctor: 0,
    patient: 0,
    day: -12,
    time: '09:20',
    reason: 'Sore throat and fever for three days',
    status: 'completed',
    notes: 'Viral pharyngitis. Rest, fluids, paracetamol when needed. Return if fever lasts beyond five days.',
    rating: 5,
    review: 'Took her time and explained everything.',
  },
  {
    doctor: 1,
    patient: 0,
    day: -7,
    time: '10:45',
    reason: 'Itching rash on both forearms',
    status: 'completed',
    notes: 'Contact dermatitis, probably a new detergent. Avoid it; topical steroid for seven days.',
    rating: 4,
    review: 'Quick and clear.',
  },
  {
    doctor: 2,
    patient: 2,
    day: -4,
    time: '09:00',
    reason: 'Palpitations in the evening',
    status: 'completed',
    notes: 'No warning signs. 24-hour ECG ordered, less caffeine until then.',
  },
  { doctor: 0, patient: 1, day: 1, time: '10:00', reason: 'Blood pressure review', status: 'scheduled' },
  { doctor: 1, patient: 0, day: 3, time: '11:15', reason: 'Check of the treated rash', status: 'scheduled' },
  { doctor: 2, patient: 2, day: 2, time: '10:30', reason: 'Result of the 24-hour ECG', status: 'scheduled' },
  { doctor: 3, patient: 2, day: 4, time: '09:40', reason: 'Vaccination advice for my nephew', status: 'pending' },
  { doctor: 0, patient: 2, day: 5, time: '11:20', reason: 'Travel health advice', status: 'pending' },
];

const VISIT_MINUTES = 20;
const OPEN_VISIT_MINUTES = 60;
const OPEN_VISIT_GRID_MS = 5 * 60_000;

/** What a new appointment has before anything was written about it. */
const UNWRITTEN = { mode: 'video', comment: '', rating: null, review: '', closedAt: null } as const;

function visitOf(visit: DemoVisit, doctorId: string, patientId: string, nowMs: number): NewAppointment {
  const profile = DEMO_DOCTORS[visit.doctor]?.profile;
  if (profile === undefined) throw new RangeError('A demonstration visit names a doctor that is not there');
  const days = profile.schedule.map(({ weekday }) => weekday);
  const startsAt = workingDay(nowMs, profile.timeZone, days, visit.day, visit.time);
  const time = appointmentTime(startsAt, VISIT_MINUTES, profile.timeZone);
  return {
    ...UNWRITTEN,
    ...time,
    doctorId,
    patientId,
    status: visit.status,
    reason: visit.reason,
    rating: visit.rating ?? null,
    review: visit.review ?? '',
    ratedAt: visit.rating === undefined ? null : time.endsAt,
    awaiting: visit.status === 'pending' ? 'doctor' : null,
    outcome: visit.status === 'completed' ? 'met' : null,
    closedAt: visit.status === 'completed' ? time.endsAt : null,
    createdAt: new Date(nowMs),
  };
}

/** Past and future appointments. */
export function demoAppointments(
  doctorIds: readonly string[],
  patientIds: readonly string[],
  nowMs: number,
): NewAppointment[] {
  return VISITS.flatMap((visit) => {
    const [doctorId, patientId] = [doctorIds[visit.doctor], patientIds[visit.patient]];
    return doctorId === undefined || patientId === undefined ? [] : [visitOf(visit, doctorId, patientId, nowMs)];
  });
}

/** When a visit is that can be joined right now: it has just begun and goes on for an hour. */
export function openVisitTime(nowMs: number) {
  const startsAt = new Date(Math.floor(nowMs / OPEN_VISIT_GRID_MS) * OPEN_VISIT_GRID_MS);
  return appointmentTime(startsAt, OPEN_VISIT_MINUTES, DEMO_DOCTORS[0]?.profile.timeZone ?? 'UTC');
}

/** The appointment that can be joined right now. */
export function openVisit(doctorId: string, patientId: string, nowMs: number): NewAppointment {
  const reason = 'Headaches since last week';
  const time = openVisitTime(nowMs);
  return { ...UNWRITTEN, ...time, doctorId, patientId, status: 'scheduled', reason, createdAt: new Date(nowMs) };
}
