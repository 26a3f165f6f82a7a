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
    expect(accessSentence(entry)).toBe('Dr Lima opened one of your appointments.');
    expect(accessSentence({ ...entry, action: 'change', resource: 'profile' })).toBe('Dr Lima changed your profile.');
  });

  it.each([
    ['view', 'appointments', 'Dr Lima saw you in a list of appointments.'],
    ['view', 'notifications', 'Dr Lima saw your name in their news.'],
    ['create', 'appointment', 'Dr Lima made an appointment for you.'],
    ['admit', 'consultation', 'Dr Lima joined your video call.'],
    ['view', 'consultation', 'Dr Lima checked who was in your video call.'],
    ['admit', 'appointment', 'Dr Lima added a colleague to your appointment.'],
    ['administration', 'audit', 'Dr Lima searched the audit for your record.'],
    ['view', 'record', 'Dr Lima opened your record.'],
    ['view', 'note', 'Dr Lima opened the notes of one of your visits.'],
    ['administration', 'account', 'Dr Lima changed your account.'],
  ] as const)('says what was done by %s of %s', (action, resource, sentence) => {
    expect(accessSentence({ ...entry, action, resource })).toBe(sentence);
  });

  it('says that somebody was refused, and names nobody who is gone', () => {
    expect(accessSentence({ ...entry, outcome: 'refused' })).toBe(
      'Dr Lima tried to open one of your appointments and was not let in.',
    );
    expect(accessSentence({ ...entry, who: '' })).toBe(
      'Somebody whose account is gone opened one of your appointments.',
    );
  });

  it('does not take what the product did by itself for somebody who is gone', () => {
    const change = { ...entry, who: '', bySystem: true, role: null, action: 'change' } as const;
    expect(accessSentence(change)).toBe('The system changed one of your appointments.');
  });
});
