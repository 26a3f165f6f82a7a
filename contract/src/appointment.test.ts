import { describe, expect, it } from 'vitest';
import { APPOINTMENT_STATUSES, APPOINTMENT_TRANSITIONS, appointmentStatusSchema } from './appointment.ts';

describe('appointment transitions (R22)', () => {
  it('cover every status and lead to known ones', () => {
    expect(Object.keys(APPOINTMENT_TRANSITIONS).sort()).toEqual([...APPOINTMENT_STATUSES].sort());
    for (const target of Object.values(APPOINTMENT_TRANSITIONS).flat()) appointmentStatusSchema.parse(target);
  });

  it('never leave a final status', () => {
    for (const status of ['completed', 'cancelled', 'rescheduled'] as const) {
      expect(APPOINTMENT_TRANSITIONS[status]).toEqual([]);
    }
  });
});
