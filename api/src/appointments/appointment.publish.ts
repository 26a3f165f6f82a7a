import type { EventPublisher } from '../realtime/publisher.ts';
import { everybodyOf, type Parties } from './party.ts';

/**
 * The one place from which changes of appointments become visible to others. What happens to a proposal happens to the
 * appointment that it would replace, too: whoever looks at that one learns of the offer, and of its end.
 */
export function publishAppointmentChange(
  events: EventPublisher,
  appointment: Parties & { readonly id: string; readonly replacesId: string | null },
  former: readonly string[] = [],
): void {
  const { id, replacesId } = appointment;
  const accounts = [...new Set([...everybodyOf(appointment), ...former])];
  events.toAccounts(accounts, 'appointment.changed', { appointmentId: id });
  if (replacesId !== null) events.toAccounts(accounts, 'appointment.changed', { appointmentId: replacesId });
}

/** Somebody is no longer a party: nothing more of the consultation is shown to them. */
export function publishLostParty(events: EventPublisher, appointmentId: string, accountId: string): void {
  events.stopWatching(accountId, appointmentId);
}
