import { calendarEndpoints } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';

const REVOKE_AFTER_MS = 60_000;

/** Gives the appointment to the person's own calendar: as a file, which every calendar takes. Throws as the call does. */
export async function saveCalendarFile(call: ApiCall, appointmentId: string): Promise<void> {
  const { ics } = await call(calendarEndpoints.one, { params: { appointmentId } });
  const address = URL.createObjectURL(new Blob([ics], { type: 'text/calendar;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'appointment.ics';
  document.body.append(link);
  link.click();
  link.remove();
  // Some browsers read the file a while after the press.
  setTimeout(() => URL.revokeObjectURL(address), REVOKE_AFTER_MS);
}
