import { isActive, type Appointment } from '@health-connect/contract';
import { canJoin } from './appointment-list.ts';

interface ActionContext {
  /** Another time is offered already. */
  readonly hasProposal: boolean;
  readonly now: Date;
}

/** What the page of an appointment offers its viewer. The table of transitions has decided it: `changes`. */
export interface AppointmentActions {
  readonly confirm: boolean;
  readonly decline: boolean;
  readonly cancel: boolean;
  readonly miss: boolean;
  readonly propose: boolean;
  readonly followUp: boolean;
  readonly bookAnother: boolean;
  readonly calendar: boolean;
}

export function actionsFor(appointment: Appointment, { hasProposal, now }: ActionContext): AppointmentActions {
  const { status, myParty, changes, door, replacesId, startsAt } = appointment;
  const hasBegun = Date.parse(startsAt) <= now.getTime();
  const isProposal = replacesId !== null && status === 'pending';
  const isSide = myParty !== 'colleague';
  const isComing = isActive(status) && door.state !== 'closed';
  return {
    // What has begun cannot be agreed to any more.
    confirm: changes.includes('confirm') && !hasBegun,
    // A request that one side made itself is taken back, not declined.
    decline: changes.includes('decline'),
    cancel: changes.includes('cancel') && !changes.includes('decline') && door.state !== 'closed',
    miss: changes.includes('miss') && hasBegun,
    propose: isSide && isComing && !isProposal && !hasProposal && !hasBegun,
    followUp: myParty === 'doctor' && (status === 'completed' || status === 'scheduled') && !canJoin(appointment),
    bookAnother: myParty === 'patient' && !isComing && status !== 'rescheduled',
    calendar: isSide && isComing && status === 'scheduled',
  };
}
