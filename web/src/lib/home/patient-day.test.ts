import { describe, expect, it } from 'vitest';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import { patientDay } from './patient-day.ts';

const ids = (list: readonly { id: string }[]): string[] => list.map(({ id }) => id);
const at = (day: number): string => `2030-01-0${day}T10:00:00.000Z`;
const closed = { door: { state: 'closed' as const, opensAt: at(1) } };

describe("a patient's home", () => {
  it('puts each appointment in its place, the open door first', () => {
    const day = patientDay([
      appointmentOf(at(2), { id: 'soon' }),
      appointmentOf(at(5), { id: 'open', door: { state: 'open', opensAt: at(5) } }),
      appointmentOf(at(3), { id: 'asked', status: 'pending', awaiting: 'doctor' }),
      appointmentOf(at(4), { id: 'offered', status: 'pending', awaiting: 'patient', replacesId: 'soon' }),
      appointmentOf(at(1), { id: 'over', status: 'completed', ...closed }),
    ]);
    expect([day.next?.id, ids(day.later), ids(day.waiting), ids(day.toAnswer), ids(day.past)]).toEqual([
      'open',
      ['soon'],
      ['asked'],
      ['offered'],
      ['over'],
    ]);
  });

  it('shows the latest past ones only', () => {
    const past = [1, 2, 3, 4, 5].map((day) => appointmentOf(at(day), { id: String(day), status: 'cancelled' }));
    expect(ids(patientDay(past).past)).toEqual(['5', '4', '3']);
    expect(patientDay([]).next).toBeUndefined();
  });
});
