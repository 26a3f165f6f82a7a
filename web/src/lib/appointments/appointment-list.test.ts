import type { Appointment } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { canJoin, counterpart, isPast, nextOpeningMs, sortAppointments } from './appointment-list.ts';
import { appointmentOf } from './testing/appointment.ts';

const appointment = (id: string, startsAt: string, changes: Partial<Appointment> = {}): Appointment =>
  appointmentOf(startsAt, { id, ...changes });

const open = { door: { state: 'open' as const, opensAt: '2030-01-01T00:00:00.000Z' } };
const closed = { door: { state: 'closed' as const, opensAt: '2030-01-01T00:00:00.000Z' } };

describe('appointment list', () => {
  it('puts what can be joined first, then the next ones', () => {
    const list = [
      appointment('late', '2030-01-03T00:00:00.000Z'),
      appointment('next', '2030-01-02T00:00:00.000Z'),
      appointment('now', '2030-01-04T00:00:00.000Z', open),
      appointment('over', '2029-01-01T00:00:00.000Z', closed),
    ];
    expect(sortAppointments(list, false).map(({ id }) => id)).toEqual(['now', 'next', 'late']);
    expect(sortAppointments(list, true).map(({ id }) => id)).toEqual(['over']);
  });

  it('offers Join only while a booked appointment has its door open', () => {
    expect(canJoin(appointment('a', '2030-01-01T00:00:00.000Z', open))).toBe(true);
    expect(canJoin(appointment('a', '2030-01-01T00:00:00.000Z'))).toBe(false);
    expect(canJoin(appointment('a', '2030-01-01T00:00:00.000Z', { ...open, status: 'pending' }))).toBe(false);
    expect(isPast(appointment('a', '2030-01-01T00:00:00.000Z', { status: 'cancelled' }))).toBe(true);
  });

  it('names the other side', () => {
    expect(counterpart(appointment('a', '2030-01-01T00:00:00.000Z'))).toBe('Dr Lima');
    expect(counterpart(appointment('a', '2030-01-01T00:00:00.000Z', { myParty: 'doctor' }))).toBe('Ana Souza');
    expect(counterpart(appointment('a', '2030-01-01T00:00:00.000Z', { myParty: 'colleague' }))).toBe('Ana Souza');
  });

  it('knows when the next door opens', () => {
    const list = [appointment('b', '2030-01-02T00:00:00.000Z'), appointment('a', '2030-01-01T00:00:00.000Z')];
    expect(nextOpeningMs(list)).toBe(Date.parse('2030-01-01T00:00:00.000Z'));
    const at = '2030-01-01T00:00:00.000Z';
    const never = [appointment('o', at, open), appointment('c', at, { status: 'cancelled' })];
    expect(nextOpeningMs(never)).toBeUndefined();
  });
});
