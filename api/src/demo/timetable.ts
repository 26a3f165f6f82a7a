import type { NewAppointment } from '../appointments/appointment-record.ts';
import { appointmentTime, workingDay } from '../appointments/wall-time.ts';
import { DEMO_DOCTORS } from './people.ts';
import { DEMO_VISITS, type DemoNote, type DemoVisit } from './visits.ts';

/** A note and who wrote it. */
export type WrittenNote = DemoNote & { readonly doctorName: string };

/** An appointment with what the doctor wrote about it. */
export interface DemoAppointment {
  readonly visit: NewAppointment;
  readonly note: WrittenNote | undefined;
}

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
    noteState: noteStateOf(visit.note),
    closedAt: visit.status === 'completed' ? time.endsAt : null,
    createdAt: new Date(nowMs),
  };
}

function noteStateOf(note: DemoNote | undefined): NonNullable<NewAppointment['noteState']> {
  if (note === undefined) return 'none';
  return note.isDraft === true ? 'draft' : 'signed';
}

function noteOf({ note, doctor }: DemoVisit): WrittenNote | undefined {
  return note === undefined ? undefined : { ...note, doctorName: DEMO_DOCTORS[doctor]?.name ?? '' };
}

/** Past and future appointments. */
export function demoAppointments(
  doctorIds: readonly string[],
  patientIds: readonly string[],
  nowMs: number,
): DemoAppointment[] {
  return DEMO_VISITS.flatMap((visit) => {
    const [doctorId, patientId] = [doctorIds[visit.doctor], patientIds[visit.patient]];
    return doctorId === undefined || patientId === undefined
      ? []
      : [{ visit: visitOf(visit, doctorId, patientId, nowMs), note: noteOf(visit) }];
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
