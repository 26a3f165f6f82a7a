import { ProductError, type AppointmentStatus, type Door } from '@health-connect/contract';

/** What the door of a consultation depends on. */
export interface DoorFacts {
  readonly status: AppointmentStatus;
  readonly startsAt: Date;
  readonly closedAt: Date | null;
}

const MINUTE_MS = 60_000;

function stateOf(facts: DoorFacts, opensAtMs: number, nowMs: number): Door['state'] {
  if (facts.closedAt !== null) return 'closed';
  switch (facts.status) {
    case 'completed':
    case 'cancelled':
    case 'rescheduled':
      return 'closed';
    // Until the doctor has confirmed it, there is no door to go through.
    case 'pending':
      return 'early';
    case 'scheduled':
      return nowMs < opensAtMs ? 'early' : 'open';
  }
}

/** The door opens so many minutes before the start, to the millisecond, and stays open until it is closed. */
export function doorOf(facts: DoorFacts, joinEarlyMinutes: number, nowMs: number): Door {
  const opensAtMs = facts.startsAt.getTime() - joinEarlyMinutes * MINUTE_MS;
  return { state: stateOf(facts, opensAtMs, nowMs), opensAt: new Date(opensAtMs).toISOString() };
}

/** @throws ProductError `consultation_early` or `consultation_closed` when the door is not open */
export function requireOpenDoor(facts: DoorFacts, joinEarlyMinutes: number, nowMs: number): void {
  const { state } = doorOf(facts, joinEarlyMinutes, nowMs);
  switch (state) {
    case 'open':
      return;
    case 'closed':
      throw new ProductError('consultation_closed');
    case 'early':
      throw new ProductError('consultation_early', facts.status === 'pending' ? { message: UNCONFIRMED } : {});
  }
}

const UNCONFIRMED = 'The doctor has not confirmed this appointment yet. Its door opens once that is done.';
