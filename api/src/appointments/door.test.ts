import { APPOINTMENT_STATUSES, isActive } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { doorOf, requireOpenDoor, type DoorFacts } from './door.ts';

const startsAt = new Date('2026-03-02T10:00:00.000Z');
const opensAtMs = startsAt.getTime() - 30 * 60_000;
const facts = (parts: Partial<DoorFacts> = {}): DoorFacts => ({
  status: 'scheduled',
  startsAt,
  closedAt: null,
  ...parts,
});

describe('the door of a consultation', () => {
  it('opens so many minutes before the start, to the millisecond', () => {
    expect(doorOf(facts(), 30, opensAtMs - 1)).toEqual({ state: 'early', opensAt: '2026-03-02T09:30:00.000Z' });
    expect(doorOf(facts(), 30, opensAtMs).state).toBe('open');
    expect(doorOf(facts(), 0, startsAt.getTime() - 1).state).toBe('early');
    expect(doorOf(facts(), 0, startsAt.getTime()).state).toBe('open');
  });

  it('stays open however late it is, until it is closed', () => {
    expect(doorOf(facts(), 30, opensAtMs + 365 * 86_400_000).state).toBe('open');
    expect(doorOf(facts({ closedAt: startsAt }), 30, opensAtMs).state).toBe('closed');
  });

  it('is never open unless the appointment is scheduled', () => {
    for (const status of APPOINTMENT_STATUSES) {
      const { state } = doorOf(facts({ status }), 30, startsAt.getTime());
      const over = !isActive(status);
      expect([status, state]).toEqual([status, status === 'scheduled' ? 'open' : over ? 'closed' : 'early']);
    }
  });

  it('says why it is shut', () => {
    const attempt = (parts: Partial<DoorFacts>, nowMs: number) => () => requireOpenDoor(facts(parts), 30, nowMs);
    expect(attempt({}, opensAtMs)).not.toThrow();
    expect(attempt({}, opensAtMs - 1)).toThrow(expect.objectContaining({ code: 'consultation_early' }));
    expect(attempt({ status: 'pending' }, opensAtMs)).toThrow(/not confirmed/);
    expect(attempt({ status: 'cancelled' }, opensAtMs)).toThrow(
      expect.objectContaining({ code: 'consultation_closed' }),
    );
  });
});
