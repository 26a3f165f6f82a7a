import { scheduleEndpoints, type Schedule } from '@health-connect/contract';
import type { Person } from './person.ts';

/** Changes a doctor's hours as another window of theirs would. Booked appointments stay where they are. */
export async function changeHours(doctor: Person, change: (schedule: Schedule) => Schedule): Promise<void> {
  const { own, preview, save } = scheduleEndpoints;
  const stored = own.response.parse((await doctor.request(own.method, own.path)).body);
  const schedule = change(stored.schedule);
  const effect = preview.response.parse((await doctor.request(preview.method, preview.path, { schedule })).body);
  const keep = effect.affected.map(({ id }) => id);
  const { status } = await doctor.request(save.method, save.path, { schedule, version: stored.version, keep });
  if (status !== save.status) throw new Error(`The hours were not saved: ${status}`);
}
