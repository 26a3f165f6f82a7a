import { expect, it } from 'vitest';
import type { Appointment } from '@health-connect/contract';
import { appointmentOf } from './testing/appointment.ts';
import { commentWords } from './visit-words.ts';

const words = (changes: Partial<Appointment>): string =>
  commentWords(appointmentOf('2030-01-01T10:00:00.000Z', changes));
const moved = { replacesId: 'b', proposedBy: 'patient' } as const;
const ending = (change: 'cancel' | 'decline') => ({
  status: 'cancelled' as const,
  ending: { change, by: 'doctor' as const, reason: '', at: '2030-01-01T10:00:00.000Z' },
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
