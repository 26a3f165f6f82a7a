import type { RecordAccess } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { accessSentence } from './access-words.ts';

const entry: RecordAccess = {
  id: 'a'.repeat(24),
  at: '2030-06-01T12:00:00.000Z',
  who: 'Dr Lima',
  bySystem: false,
  role: 'doctor',
  action: 'view',
  resource: 'appointment',
  outcome: 'ok',
  appointmentId: null,
};

describe('who opened my record (R36)', () => {
  it('is one plain sentence', () => {
    expect(accessSentence(entry)).toBe('Dr Lima opened: appointment.');
    expect(accessSentence({ ...entry, action: 'change', resource: 'profile' })).toBe('Dr Lima changed: profile.');
  });

  it('says that somebody was refused, and names nobody who is gone', () => {
    expect(accessSentence({ ...entry, outcome: 'refused' })).toBe(
      'Dr Lima tried to open this and was not let in: appointment.',
    );
    expect(accessSentence({ ...entry, who: '' })).toBe('Somebody whose account is gone opened: appointment.');
  });

  it('does not take what the product did by itself for somebody who is gone', () => {
    const change = { ...entry, who: '', bySystem: true, role: null, action: 'change' } as const;
    expect(accessSentence(change)).toBe('The system changed: appointment.');
  });
});
