import type { AppointmentEvent } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { appointmentOf } from './testing/appointment.ts';
import { byWords, eventWords } from './visit-words.ts';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const AT = '2029-12-31T12:00:00.000Z';

/** A line of the history as a patient reads it. */
function line(change: AppointmentEvent['change'], by: AppointmentEvent['by']): string {
  const event: AppointmentEvent = { change, by, at: AT, fromStartsAt: null, comment: '' };
  return `${eventWords(event, NOW)} ${byWords(event, appointmentOf(AT, { myParty: 'patient' }))}`.trim();
}

describe('a line of the history', () => {
  it('says who did it', () => {
    expect(line('cancel', 'patient')).toBe('Cancelled by you');
    expect(line('complete', 'doctor')).toBe('Done by Dr Lima');
    expect(line('miss', 'doctor')).toBe('Marked as missed by Dr Lima');
  });

  it('says why where nobody did it, and names nobody', () => {
    expect(line('complete', 'system')).toBe('Done, because its time was over');
    expect(line('miss', 'system')).toBe('Missed: somebody was not there');
    expect(line('expire', 'system')).toBe('Not answered in time');
    expect(line('move', 'system')).toBe('Moved');
  });
});
