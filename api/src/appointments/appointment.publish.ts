import type { EventPublisher } from '../realtime/publisher.ts';
import { everybodyOf, type Parties } from './party.ts';

/** The one place from which changes of appointments become visible to others. */
export function publishAppointmentChange(
  events: EventPublisher,
  appointment: Parties & { readonly id: string },
  former: readonly string[] = [],
): void {
  const accounts = new Set([...everybodyOf(appointment), ...former]);
  events.toAccounts([...accounts], 'appointment.changed', { appointmentId: appointment.id });
}

/** Somebody is no longer a party: nothing more of the consultation is shown to them. */
export function publishLostParty(events: EventPublisher, appointmentId: string, accountId: string): void {
  events.stopWatching(accountId, appointmentId);
}
