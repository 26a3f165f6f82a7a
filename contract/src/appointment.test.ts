import { describe, expect, it } from 'vitest';
import {
  APPOINTMENT_CHANGES,
  APPOINTMENT_STATUSES,
  APPOINTMENT_TRANSITIONS,
  canChange,
  changesFor,
  isActive,
  statusAfter,
} from './appointment.ts';

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
    const asked = { status: 'pending', awaiting: 'doctor', bothCame: false } as const;
    expect(changesFor(asked, 'doctor')).toEqual(['confirm', 'decline', 'cancel']);
    expect(changesFor(asked, 'patient')).toEqual(['cancel']);
    expect(changesFor(asked, 'system')).toEqual(['move', 'expire']);
    expect(canChange({ status: 'pending', awaiting: 'patient', bothCame: false }, 'confirm', 'doctor')).toBe(false);
    expect(canChange({ status: 'pending', awaiting: 'patient', bothCame: false }, 'confirm', 'patient')).toBe(true);
  });

  it('let only the doctor complete, and nobody change what is over', () => {
    const agreed = { status: 'scheduled', awaiting: null, bothCame: false } as const;
    expect(changesFor(agreed, 'patient')).toEqual(['cancel']);
    expect(changesFor(agreed, 'doctor')).toEqual(['cancel', 'complete', 'miss']);
    expect(changesFor(agreed, 'system')).toEqual(['move', 'miss']);
    for (const status of APPOINTMENT_STATUSES.filter((one) => !isActive(one))) {
      for (const by of ['doctor', 'patient', 'system'] as const) {
        for (const bothCame of [false, true]) {
          expect(changesFor({ status, awaiting: 'doctor', bothCame }, by)).toEqual([]);
        }
      }
    }
  });

  it('neither call off nor move what both came to: it ends as a visit does', () => {
    const attended = { status: 'scheduled', awaiting: null, bothCame: true } as const;
    expect(changesFor(attended, 'patient')).toEqual([]);
    expect(changesFor(attended, 'doctor')).toEqual(['complete', 'miss']);
    expect(changesFor(attended, 'system')).toEqual(['complete']);
    const proposal = { status: 'pending', awaiting: 'patient', bothCame: false } as const;
    expect(changesFor({ ...proposal, replaces: attended }, 'patient')).toEqual(['decline', 'cancel']);
    expect(changesFor({ ...proposal, replaces: { ...attended, bothCame: false } }, 'patient')).toEqual([
      'confirm',
      'decline',
      'cancel',
    ]);
  });
});
