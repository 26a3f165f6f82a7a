import { patientEndpoints, type Appointment } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Pages } from '../api/pages.svelte.ts';

/** A patient's visits, newest first, with what the reader may see of their notes. */
export function historyOf(call: ApiCall, patientId: string): Pages<Appointment> {
  return Pages.create(async (cursor, signal) => {
    const query = cursor === undefined ? {} : { cursor };
    const page = await call(patientEndpoints.history, { params: { patientId }, query }, { signal });
    return { items: page.appointments, next: page.next };
  });
}
