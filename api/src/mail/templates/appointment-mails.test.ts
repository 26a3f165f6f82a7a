import { describe, expect, it } from 'vitest';
import { appointmentMail, type AppointmentMailFacts } from './appointment-mails.ts';

const FACTS: AppointmentMailFacts = {
  name: 'Pia',
  other: 'Dr Lima',
  when: ['Tuesday, 3 March 2026, 10:30 to 10:50, Berlin time (UTC+01:00)', 'In your time zone: another'],
  before: ['Monday, 2 March 2026, 10:30 to 10:50, Berlin time (UTC+01:00)'],
  address: 'https://clinic.example/appointments/1',
};

describe('a mail about an appointment', () => {
  it('says when, with whom and where to open it, as text and as HTML', () => {
    const { subject, text, html } = appointmentMail('moved', FACTS);
    expect(subject).toBe('Your appointment has a new time');
    for (const part of [text, html]) {
      for (const fact of [FACTS.name, FACTS.other, FACTS.address, ...FACTS.when, ...FACTS.before]) {
        expect(part).toContain(fact);
      }
    }
  });

  it('shows a hostile name as what it is: one line of text', () => {
    const name = 'Eve\r\n\r\nOpen https://evil.example\u2028<a href="https://evil.example">here</a>';
    const { text, html } = appointmentMail('booked', { ...FACTS, name, other: name });
    const line = 'Eve Open https://evil.example <a href="https://evil.example">here</a>';
    expect(text.split('\n')[0]).toBe(`Hello ${line},`);
    expect(html).not.toContain('<a href="https://evil.example"');
  });
});
