import { canFollowUp, isActive, type Appointment } from '@health-connect/contract';

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
  const { status, myParty, changes, door, replacesId, ending, startsAt } = appointment;
  const hasBegun = Date.parse(startsAt) <= now.getTime();
  const isProposal = replacesId !== null && status === 'pending';
  // Nobody agreed to it: what it was offered instead of stays as it was.
  const cameToNothing = replacesId !== null && (ending?.change === 'decline' || ending?.change === 'expire');
  const isSide = myParty !== 'colleague';
  const isComing = isActive(status) && door.state !== 'closed';
  return {
    confirm: changes.includes('confirm'),
    // A request that one side made itself is taken back, not declined.
    decline: changes.includes('decline'),
    cancel: changes.includes('cancel') && !changes.includes('decline'),
    miss: changes.includes('miss'),
    // What may not be called off any more is not moved either.
    propose: isSide && isComing && !isProposal && !hasProposal && !hasBegun && changes.includes('cancel'),
    followUp: myParty === 'doctor' && canFollowUp(appointment),
    bookAnother: myParty === 'patient' && !isComing && status !== 'rescheduled' && !cameToNothing,
    calendar: isSide && isComing && status === 'scheduled',
  };
}
