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
    const asked = { status: 'pending', awaiting: 'doctor' } as const;
    expect(changesFor(asked, 'doctor')).toEqual(['confirm', 'decline', 'cancel']);
    expect(changesFor(asked, 'patient')).toEqual(['cancel']);
    expect(changesFor(asked, 'system')).toEqual(['move', 'expire']);
    expect(canChange({ status: 'pending', awaiting: 'patient' }, 'confirm', 'doctor')).toBe(false);
    expect(canChange({ status: 'pending', awaiting: 'patient' }, 'confirm', 'patient')).toBe(true);
  });

  it('let only the doctor complete, and nobody change what is over', () => {
    const agreed = { status: 'scheduled', awaiting: null } as const;
    expect(changesFor(agreed, 'patient')).toEqual(['cancel']);
    expect(changesFor(agreed, 'doctor')).toEqual(['cancel', 'complete', 'miss']);
    for (const status of APPOINTMENT_STATUSES.filter((one) => !isActive(one))) {
      for (const by of ['doctor', 'patient', 'system'] as const) {
        expect(changesFor({ status, awaiting: 'doctor' }, by)).toEqual([]);
      }
    }
  });
});
