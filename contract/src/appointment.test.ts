import { describe, expect, it } from 'vitest';
import {
  APPOINTMENT_CHANGES,
  APPOINTMENT_STATUSES,
  APPOINTMENT_TRANSITIONS,
  canChange,
  changesFor,
  isActive,
  phaseOf,
  statusAfter,
} from './appointment.ts';

const coming = { phase: 'coming', patientCame: false, bothCame: false } as const;

describe('appointment transitions (R22)', () => {
  it('are listed once each', () => {
    expect([...APPOINTMENT_CHANGES].sort()).toEqual(Object.keys(APPOINTMENT_TRANSITIONS).sort());
  });

  it('never leave a final status, and always lead somewhere else', () => {
    for (const change of APPOINTMENT_CHANGES) {
      const { from, to } = APPOINTMENT_TRANSITIONS[change];
      expect(from.every(isActive)).toBe(true);
      expect(from).not.toContain(to);
      expect(statusAfter(change)).toBe(to);
    }
  });

  it('let the side answer that has been asked, and nobody else', () => {
    const asked = { status: 'pending', awaiting: 'doctor', ...coming } as const;
    expect(changesFor(asked, 'doctor')).toEqual(['confirm', 'decline', 'cancel']);
    expect(changesFor(asked, 'patient')).toEqual(['cancel']);
    expect(changesFor(asked, 'system')).toEqual(['cancel', 'move', 'expire']);
    expect(canChange({ status: 'pending', awaiting: 'patient', ...coming }, 'confirm', 'doctor')).toBe(false);
    expect(canChange({ status: 'pending', awaiting: 'patient', ...coming }, 'confirm', 'patient')).toBe(true);
  });

  it('let only the doctor complete, and nobody change what is over', () => {
    const agreed = { status: 'scheduled', awaiting: null, ...coming } as const;
    expect(changesFor(agreed, 'patient')).toEqual(['cancel']);
    expect(changesFor(agreed, 'doctor')).toEqual(['cancel']);
    expect(changesFor(agreed, 'system')).toEqual(['cancel', 'move']);
    const running = { ...agreed, phase: 'running' } as const;
    expect(changesFor(running, 'patient')).toEqual(['cancel']);
    expect(changesFor(running, 'doctor')).toEqual(['cancel', 'complete', 'miss']);
    expect(changesFor(running, 'system')).toEqual(['cancel', 'move', 'miss']);
    for (const status of APPOINTMENT_STATUSES.filter((one) => !isActive(one))) {
      for (const by of ['doctor', 'patient', 'system'] as const) {
        for (const phase of ['coming', 'running', 'over'] as const) {
          for (const bothCame of [false, true]) {
            expect(changesFor({ status, awaiting: 'doctor', phase, patientCame: bothCame, bothCame }, by)).toEqual([]);
          }
        }
      }
    }
  });

  it('neither call off nor move what both came to: it ends as a visit does', () => {
    const attended = { status: 'scheduled', awaiting: null, ...coming, patientCame: true, bothCame: true } as const;
    expect(changesFor(attended, 'patient')).toEqual([]);
    expect(changesFor(attended, 'doctor')).toEqual(['complete']);
    expect(changesFor({ ...attended, phase: 'over' }, 'doctor')).toEqual(['complete', 'miss']);
    expect(changesFor({ ...attended, phase: 'over' }, 'system')).toEqual(['complete']);
    const proposal = { status: 'pending', awaiting: 'patient', ...coming } as const;
    expect(changesFor({ ...proposal, replaces: attended }, 'patient')).toEqual(['decline', 'cancel']);
    expect(changesFor({ ...proposal, replaces: { ...attended, ...coming } }, 'patient')).toEqual([
      'confirm',
      'decline',
      'cancel',
    ]);
  });

  it('end what is over as a visit, and agree to nothing that has begun', () => {
    const over = { status: 'scheduled', awaiting: null, ...coming, phase: 'over' } as const;
    expect(changesFor(over, 'patient')).toEqual([]);
    expect(changesFor(over, 'doctor')).toEqual(['complete', 'miss']);
    expect(changesFor(over, 'system')).toEqual(['miss']);
    const asked = { status: 'pending', awaiting: 'doctor', ...coming } as const;
    expect(changesFor({ ...asked, phase: 'running' }, 'doctor')).toEqual(['decline', 'cancel']);
    expect(changesFor({ ...asked, replaces: over }, 'doctor')).toEqual(['decline', 'cancel']);
  });

  it('complete before the start only what the patient came to', () => {
    const agreed = { status: 'scheduled', awaiting: null, ...coming } as const;
    expect(canChange(agreed, 'complete', 'doctor')).toBe(false);
    expect(canChange({ ...agreed, patientCame: true }, 'complete', 'doctor')).toBe(true);
    expect(canChange({ ...agreed, patientCame: true }, 'miss', 'doctor')).toBe(false);
  });

  it('know where in its time something is, to the millisecond', () => {
    const time = { startsAt: new Date(1000), endsAt: new Date(2000) };
    expect([999, 1000, 1999, 2000].map((ms) => phaseOf(time, ms))).toEqual(['coming', 'running', 'running', 'over']);
  });
});
