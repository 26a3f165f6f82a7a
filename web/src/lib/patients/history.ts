import { appointmentEndpoints, patientEndpoints, type Appointment } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Pages } from '../api/pages.svelte.ts';
import type { Unsubscribe } from '../emitter.ts';
import { m } from '../paraglide/messages.js';

/** A patient's visits, newest first, with what the reader may see of their notes. */
export function historyOf(call: ApiCall, patientId: string): Pages<Appointment> {
  return Pages.create(async (cursor, signal) => {
    const query = cursor === undefined ? {} : { cursor };
    const page = await call(patientEndpoints.history, { params: { patientId }, query }, { signal });
    return { items: page.appointments, next: page.next };
  });
}

/** As many visits as one page has: who has read on keeps their place. */
const FIRST_PAGE = 20;

interface HistorySource {
  readonly call: ApiCall;
  readonly socket: {
    on(name: 'connected', listener: () => void): Unsubscribe;
    on(name: 'appointment.changed', listener: (payload: { readonly appointmentId: string }) => void): Unsubscribe;
  };
}

/**
 * Keeps what is shown of a history up to date until the answer is called.
 * @param isOwn whether the reader is the patient: else changes of visits that are not shown are those of others
 */
export function followHistory({ call, socket }: HistorySource, visits: Pages<Appointment>, isOwn: boolean) {
  const startAgain = (): void => {
    const { items } = visits;
    if (items !== undefined && items.length <= FIRST_PAGE) void visits.load();
  };
  const readOne = async (appointmentId: string): Promise<void> => {
    try {
      const { appointment } = await call(appointmentEndpoints.one, { params: { appointmentId } });
      visits.replace(({ id }) => id === appointmentId, appointment);
    } catch {
      // It stays as it was read.
    }
  };
  const stops = [
    // What happened while the socket was away is not told again.
    socket.on('connected', startAgain),
    socket.on('appointment.changed', ({ appointmentId }) => {
      if (visits.items?.some(({ id }) => id === appointmentId) === true) void readOne(appointmentId);
      else if (isOwn) startAgain();
    }),
  ];
  return (): void => stops.forEach((stop) => stop());
}

/** Under which heading a visit of a history stands; under none where no visit is still to come. */
export function partOf(visit: Appointment, visits: Pages<Appointment>, now: Date): string | undefined {
  const isComing = ({ endsAt }: Appointment): boolean => Date.parse(endsAt) > now.getTime();
  if (visits.items?.some(isComing) !== true) return undefined;
  return isComing(visit) ? m['appointments.coming']() : m['appointments.past']();
}
