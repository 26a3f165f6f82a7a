import { isActive, type Appointment, type AppointmentEvent, type CancelReason } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { canJoin, counterpart } from './appointment-list.ts';
import { whenInside } from './when.ts';

/** What the appointment waits for, or how it ended, in one sentence. */
export function stateSentence(appointment: Appointment): string {
  const name = counterpart(appointment);
  switch (appointment.status) {
    case 'pending':
      return pendingSentence(appointment, name);
    case 'scheduled':
      if (canJoin(appointment)) return m['visit.doorOpen']();
      return appointment.door.state === 'closed' ? m['visit.over']() : m['visit.booked']();
    case 'completed':
      return appointment.outcome === 'missed' ? m['visit.missed']() : m['visit.met']();
    case 'rescheduled':
      return m['visit.moved']();
    case 'cancelled':
      return endingSentence(appointment);
  }
}

function pendingSentence({ awaiting, myParty, proposedBy }: Appointment, name: string): string {
  if (awaiting !== myParty) return m['visit.waitFor']({ name });
  return proposedBy === null ? m['visit.pleaseAnswer']({ name }) : m['visit.offered']({ name });
}

function endingSentence({ ending, myParty, doctor, patient }: Appointment): string {
  if (ending === null || (ending.by === 'system' && ending.change !== 'expire')) return m['visit.cancelledBySystem']();
  if (ending.change === 'expire') return m['visit.expired']();
  const mine = ending.by === myParty;
  const name = ending.by === 'doctor' ? doctor.name : patient.name;
  if (ending.change === 'decline') return mine ? m['visit.declinedByYou']() : m['visit.declinedBy']({ name });
  return mine ? m['visit.cancelledByYou']() : m['visit.cancelledBy']({ name });
}

/**
 * Whose words `comment` is: of who proposed the time, while that is open or came to nothing; where both agreed to it, all
 * that was said on the way there; else what the doctor said when agreeing.
 * @param events what became of it, where that is known: what was taken back may have been agreed to before, or not
 */
export function commentWords(appointment: Appointment, events?: readonly AppointmentEvent[]): string {
  const { myParty, proposedBy, doctor, patient } = appointment;
  if (proposedBy !== null && wasAgreed(appointment, events)) {
    return myParty === 'colleague'
      ? m['visit.wroteTwo']({ doctor: doctor.name, patient: patient.name })
      : m['visit.wroteBoth']({ name: counterpart(appointment) });
  }
  const author = proposedBy ?? 'doctor';
  if (author === myParty) return m['visit.wroteYou']();
  return m['visit.wroteOther']({ name: author === 'patient' ? patient.name : doctor.name });
}

/** Whether both sides have said yes to it, whatever became of it then. */
function wasAgreed({ status, ending }: Appointment, events: readonly AppointmentEvent[] = []): boolean {
  if (status !== 'cancelled') return status !== 'pending';
  const isKnown = events.length > 0;
  return isKnown ? events.some(({ change }) => change === 'move' || change === 'confirm') : ending?.change === 'cancel';
}

/** What happens next, on the page to which a booking leads. */
export function nextWords(appointment: Appointment): { readonly title: string; readonly text: string } | undefined {
  if (!isActive(appointment.status)) return undefined;
  return appointment.status === 'pending'
    ? { title: m['visit.asked'](), text: m['visit.nextPending']({ name: counterpart(appointment) }) }
    : { title: m['visit.booked'](), text: m['visit.nextScheduled']() };
}

/** One line of the history. */
export function eventWords({ change, by, fromStartsAt }: AppointmentEvent, now: Date): string {
  switch (change) {
    case 'request':
      return m['visit.event.request']();
    case 'propose':
      return m['visit.event.propose']();
    case 'book':
      return m['visit.event.book']();
    case 'confirm':
      return m['visit.event.confirm']();
    case 'decline':
      return m['visit.event.decline']();
    case 'cancel':
      return by === 'system' ? m['visit.event.cancelBySystem']() : m['visit.event.cancel']();
    case 'move':
      return fromStartsAt === null
        ? m['visit.event.move']()
        : m['visit.event.moveFrom']({ when: whenInside(new Date(fromStartsAt), now) });
    case 'complete':
      return by === 'system' ? m['visit.event.completeBySystem']() : m['visit.event.complete']();
    case 'miss':
      return by === 'system' ? m['visit.event.missBySystem']() : m['visit.event.miss']();
    case 'expire':
      return m['visit.event.expire']();
  }
}

/** Who did it; nobody where the product itself did: the words of the line say why. */
export function byWords({ by }: AppointmentEvent, { myParty, doctor, patient }: Appointment): string {
  if (by === 'system') return '';
  if (by === myParty) return m['visit.byYou']();
  return m['visit.byName']({ name: by === 'doctor' ? doctor.name : patient.name });
}

/** Why it was called off, as whoever did so said, or in the reader's language; empty where nothing was said. */
export function whyWords({ ending }: Pick<Appointment, 'ending'>): string {
  if (ending === null) return '';
  return ending.reasonKind === null ? ending.reason : cancelReasonWords(ending.reasonKind);
}

export function cancelReasonWords(kind: CancelReason): string {
  switch (kind) {
    case 'not-needed':
      return m['whyCancel.notNeeded']();
    case 'time':
      return m['whyCancel.time']();
    case 'elsewhere':
      return m['whyCancel.elsewhere']();
    case 'private':
      return m['whyCancel.private']();
  }
}
