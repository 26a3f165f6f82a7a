import { patientEndpoints, type Appointment } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Pages } from '../api/pages.svelte.ts';
import { m } from '../paraglide/messages.js';

/** A patient's visits, newest first, with what the reader may see of their notes. */
export function historyOf(call: ApiCall, patientId: string): Pages<Appointment> {
  return Pages.create(async (cursor, signal) => {
    const query = cursor === undefined ? {} : { cursor };
    const page = await call(patientEndpoints.history, { params: { patientId }, query }, { signal });
    return { items: page.appointments, next: page.next };
  });
}

/** Under which heading a visit of a history stands; under none where no visit is still to come. */
export function partOf(visit: Appointment, visits: Pages<Appointment>, now: Date): string | undefined {
  const isComing = ({ endsAt }: Appointment): boolean => Date.parse(endsAt) > now.getTime();
  if (visits.items?.some(isComing) !== true) return undefined;
  return isComing(visit) ? m['appointments.coming']() : m['appointments.past']();
}
