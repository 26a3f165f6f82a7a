import { changesFor, phaseOf, type Appointment } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { actionsFor } from './appointment-actions.ts';
import { appointmentOf } from './testing/appointment.ts';

const startsAt = '2030-05-06T10:00:00.000Z';
const endsAt = '2030-05-06T10:20:00.000Z';
const before = new Date('2030-05-05T10:00:00.000Z');
const during = new Date('2030-05-06T10:10:00.000Z');
const after = new Date('2030-05-06T10:30:00.000Z');

/** Names of what is offered, for an appointment as the server would give it. */
function offered(parts: Partial<Appointment>, now = before, { hasProposal = false, bothCame = false } = {}): string[] {
  const appointment = appointmentOf(startsAt, { endsAt, ...parts });
  const { status, awaiting, myParty } = appointment;
  const time = { startsAt: new Date(appointment.startsAt), endsAt: new Date(appointment.endsAt) };
  const facts = { status, awaiting, phase: phaseOf(time, now.getTime()), patientCame: bothCame, bothCame };
  const changes = myParty === 'colleague' ? [] : changesFor(facts, myParty);
  const actions = actionsFor({ ...appointment, changes }, { hasProposal, now });
  return Object.entries(actions).flatMap(([name, allowed]) => (allowed ? [name] : []));
}

describe('what the page of an appointment offers', () => {
  it('lets the doctor answer a request, and the patient take it back', () => {
    const request = { status: 'pending', awaiting: 'doctor' } as const;
    expect(offered({ ...request, myParty: 'doctor' })).toEqual(['confirm', 'decline', 'propose']);
    expect(offered({ ...request, myParty: 'patient' })).toEqual(['cancel', 'propose']);
  });

  it('does not let anybody agree to what has begun', () => {
    const request = { status: 'pending', awaiting: 'doctor', door: { state: 'open', opensAt: startsAt } } as const;
    expect(offered({ ...request, myParty: 'doctor' }, after)).toEqual(['decline']);
  });

  it('lets the other side answer a proposal, which cannot be moved itself', () => {
    const proposal = { status: 'pending', awaiting: 'patient', replacesId: 'x', proposedBy: 'doctor' } as const;
    expect(offered({ ...proposal, myParty: 'patient' })).toEqual(['confirm', 'decline']);
    expect(offered({ ...proposal, myParty: 'doctor' })).toEqual(['cancel']);
  });

  it('does not send a patient off to book anew whose appointment stays as it was: only another time came to nothing', () => {
    const ending = { by: 'doctor', reason: 'No', reasonKind: null, at: startsAt } as const;
    const gone = { status: 'cancelled', myParty: 'patient', door: { state: 'closed', opensAt: startsAt } } as const;
    for (const change of ['decline', 'expire'] as const) {
      expect(offered({ ...gone, replacesId: 'x', ending: { ...ending, change } })).toEqual([]);
      expect(offered({ ...gone, ending: { ...ending, change } })).toEqual(['bookAnother']);
    }
    expect(offered({ ...gone, replacesId: 'x', ending: { ...ending, change: 'cancel' } })).toEqual(['bookAnother']);
  });

  it('lets both sides move or call off what is booked, one proposal at a time', () => {
    expect(offered({ myParty: 'patient' })).toEqual(['cancel', 'propose', 'calendar']);
    expect(offered({ myParty: 'doctor' })).toEqual(['cancel', 'propose', 'calendar']);
    expect(offered({ myParty: 'patient' }, before, { hasProposal: true })).toEqual(['cancel', 'calendar']);
  });

  it('does not move what has begun; the doctor may say that nobody came', () => {
    const open = { door: { state: 'open', opensAt: startsAt } } as const;
    expect(offered({ ...open, myParty: 'patient' }, during)).toEqual(['cancel', 'calendar']);
    expect(offered({ ...open, myParty: 'doctor' }, during)).toEqual(['cancel', 'miss', 'calendar']);
  });

  it('neither moves nor calls off what is over', () => {
    const open = { door: { state: 'open', opensAt: startsAt } } as const;
    expect(offered({ ...open, myParty: 'patient' }, after)).toEqual(['calendar']);
    expect(offered({ ...open, myParty: 'doctor' }, after)).toEqual(['miss', 'calendar']);
  });

  it('neither moves nor calls off what both came to, even before its time', () => {
    expect(offered({ myParty: 'patient' }, before, { bothCame: true })).toEqual(['calendar']);
    expect(offered({ myParty: 'doctor' }, before, { bothCame: true })).toEqual(['calendar']);
  });

  it('offers a way on when it is over', () => {
    const door = { state: 'closed', opensAt: startsAt } as const;
    expect(offered({ status: 'cancelled', door, myParty: 'patient' })).toEqual(['bookAnother']);
    expect(offered({ status: 'completed', outcome: 'met', door, myParty: 'doctor' })).toEqual(['followUp']);
    expect(offered({ status: 'completed', outcome: 'missed', door, myParty: 'doctor' })).toEqual([]);
    expect(offered({ status: 'rescheduled', door, myParty: 'patient' })).toEqual([]);
  });

  it('offers a colleague nothing', () => {
    expect(offered({ myParty: 'colleague' })).toEqual([]);
  });
});
