import type { AccountRecord } from '../accounts/account.repository.ts';
import type { DoctorRepository } from '../doctors/doctor.repository.ts';

/**
 * The zone in which somebody is told times beside that of the appointment: a doctor's is that of their hours, a
 * patient's that of the browser they used last. `undefined` as long as none is known.
 */
export async function ownZoneOf(
  { id, role, timeZone }: Pick<AccountRecord, 'id' | 'role' | 'timeZone'>,
  doctors: Pick<DoctorRepository, 'byId'>,
): Promise<string | undefined> {
  if (role !== 'doctor') return timeZone ?? undefined;
  const doctor = await doctors.byId(id);
  return doctor?.unclearZone === null ? doctor.timeZone : undefined;
}
