/** The people of an appointment. What somebody is in it, and may do, is the policy's to say. */
export interface Parties {
  readonly doctorId: string;
  readonly patientId: string;
  readonly colleagueIds: readonly string[];
}

/** So many colleagues fit beside doctor and patient: a consultation has at most 16 people (R14). */
export const MAX_COLLEAGUES = 14;

/** Everybody who is told of a change. */
export function everybodyOf(appointment: Parties): string[] {
  return [appointment.doctorId, appointment.patientId, ...appointment.colleagueIds];
}
