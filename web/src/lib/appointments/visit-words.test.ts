import { CANCEL_REASONS, type Appointment, type AppointmentEvent } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { appointmentOf } from './testing/appointment.ts';
import { byWords, cancelReasonWords, commentWords, eventWords, whyWords } from './visit-words.ts';

const NOW = new Date('2030-01-01T00:00:00.000Z');
const AT = '2029-12-31T12:00:00.000Z';

/** A line of the history as a patient reads it. */
function line(change: AppointmentEvent['change'], by: AppointmentEvent['by']): string {
  const event: AppointmentEvent = { change, by, at: AT, fromStartsAt: null, comment: '' };
  return `${eventWords(event, NOW)} ${byWords(event, appointmentOf(AT, { myParty: 'patient' }))}`.trim();
}

describe('a line of the history', () => {
  it('says who did it', () => {
    expect(line('cancel', 'patient')).toBe('Canceled by you');
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

const words = (changes: Partial<Appointment>): string =>
  commentWords(appointmentOf('2030-01-01T10:00:00.000Z', changes));
const moved = { replacesId: 'b', proposedBy: 'patient' } as const;
it('tells why it was called off: a ready reason in the language of who reads, words as they are', () => {
  const ending = {
    change: 'cancel',
    by: 'patient',
    reason: '',
    reasonKind: null,
    at: '2030-01-01T10:00:00.000Z',
  } as const;
  expect(whyWords({ ending: { ...ending, reasonKind: 'time' } })).toBe(m['whyCancel.time']());
  expect(whyWords({ ending: { ...ending, reason: 'Krank' } })).toBe('Krank');
  expect(whyWords({ ending: null })).toBe('');
});

it('has words of their own for each ready reason', () => {
  const words = CANCEL_REASONS.map((kind) => [kind, cancelReasonWords(kind)]);
  expect(words).toEqual([
    ['not-needed', m['whyCancel.notNeeded']()],
    ['time', m['whyCancel.time']()],
    ['elsewhere', m['whyCancel.elsewhere']()],
    ['private', m['whyCancel.private']()],
  ]);
});

const ending = (change: 'cancel' | 'decline') => ({
  status: 'cancelled' as const,
  ending: { change, by: 'doctor' as const, reason: '', reasonKind: null, at: '2030-01-01T10:00:00.000Z' },
});

it('says whose words stand with an appointment', () => {
  expect(words({ myParty: 'patient' })).toBe('Dr Lima wrote');
  expect(words({ myParty: 'doctor' })).toBe('You wrote');
  expect(words({ myParty: 'colleague' })).toBe('Dr Lima wrote');
});

it('says who proposed another time, while that is open or came to nothing', () => {
  expect(words({ ...moved, status: 'pending', myParty: 'patient' })).toBe('You wrote');
  expect(words({ ...moved, status: 'pending', myParty: 'doctor' })).toBe('Ana Souza wrote');
  expect(words({ ...moved, proposedBy: 'doctor', status: 'pending', myParty: 'patient' })).toBe('Dr Lima wrote');
  expect(words({ ...moved, ...ending('decline'), myParty: 'doctor' })).toBe('Ana Souza wrote');
});

it('names both where the appointment moved: what each said is there', () => {
  expect(words({ ...moved, myParty: 'patient' })).toBe('You and Dr Lima wrote');
  expect(words({ ...moved, myParty: 'doctor', status: 'completed' })).toBe('You and Ana Souza wrote');
  expect(words({ ...moved, ...ending('cancel'), myParty: 'colleague' })).toBe('Dr Lima and Ana Souza wrote');
});

it('says whose words stand with another time that is a request of its own, because nobody answered the first', () => {
  const alone = { replacesId: null, proposedBy: 'patient' } as const;
  expect(words({ ...alone, status: 'pending', myParty: 'patient' })).toBe('You wrote');
  expect(words({ ...alone, status: 'pending', myParty: 'doctor' })).toBe('Ana Souza wrote');
  expect(words({ ...alone, ...ending('decline'), myParty: 'doctor' })).toBe('Ana Souza wrote');
  expect(words({ ...alone, status: 'scheduled', myParty: 'patient' })).toBe('You and Dr Lima wrote');
});
