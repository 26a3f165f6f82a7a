import { APPOINTMENT_CHANGES, type AppointmentStatus } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import type { AppointmentNews } from '../appointments/appointment-news.ts';
import { appointmentMail } from '../mail/templates/appointment-mails.ts';
import { planOf } from './news-plan.ts';

type Change = AppointmentNews['change'];
type By = AppointmentNews['by'];
/** What the appointment is: a request or a booking, a proposal, or one that has just taken the place of another. */
type What = 'itself' | 'proposal' | 'successor';

const NEWS: readonly (readonly [
  change: Change,
  by: By,
  what: What,
  status: AppointmentStatus,
  occasion: string,
  mails: readonly [doctor: string, patient: string],
  entry: string,
  reminders: string,
])[] = [
  ['request', 'patient', 'itself', 'pending', 'requested', ['requested', 'requested-by-you'], 'REQUEST itself', 'none'],
  ['request', 'patient', 'itself', 'scheduled', 'booked', ['booked', 'booked-by-you'], 'REQUEST itself', 'plan'],
  ['book', 'doctor', 'itself', 'scheduled', 'booked', ['booked-by-you', 'booked'], 'REQUEST itself', 'plan'],
  [
    'confirm',
    'doctor',
    'itself',
    'scheduled',
    'confirmed',
    ['confirmed-by-you', 'confirmed'],
    'REQUEST itself',
    'plan',
  ],
  ['confirm', 'doctor', 'successor', 'scheduled', 'moved', ['moved-by-you', 'moved'], 'REQUEST itself', 'plan'],
  ['confirm', 'patient', 'successor', 'scheduled', 'moved', ['moved', 'moved-by-you'], 'REQUEST itself', 'plan'],
  ['move', 'system', 'successor', 'scheduled', 'moved', ['moved', 'moved'], 'REQUEST itself', 'plan'],
  ['decline', 'doctor', 'itself', 'cancelled', 'declined', ['declined-by-you', 'declined'], 'CANCEL itself', 'remove'],
  [
    'cancel',
    'doctor',
    'itself',
    'cancelled',
    'cancelled',
    ['cancelled-by-you', 'cancelled'],
    'CANCEL itself',
    'remove',
  ],
  [
    'cancel',
    'patient',
    'itself',
    'cancelled',
    'cancelled',
    ['cancelled', 'cancelled-by-you'],
    'CANCEL itself',
    'remove',
  ],
  ['expire', 'system', 'itself', 'cancelled', 'expired', ['expired', 'expired'], 'CANCEL itself', 'remove'],
  ['miss', 'doctor', 'itself', 'completed', 'missed', ['missed-by-you', 'missed'], 'REQUEST itself', 'remove'],
  ['miss', 'system', 'itself', 'completed', 'missed', ['missed', 'missed'], 'REQUEST itself', 'remove'],
  [
    'complete',
    'doctor',
    'itself',
    'completed',
    'completed',
    ['completed-by-you', 'completed'],
    'REQUEST itself',
    'remove',
  ],
  ['complete', 'system', 'itself', 'completed', 'completed', ['completed', 'completed'], 'REQUEST itself', 'remove'],
  ['propose', 'doctor', 'proposal', 'pending', 'proposed', ['proposed-by-you', 'proposed'], 'REQUEST standing', 'none'],
  [
    'propose',
    'patient',
    'proposal',
    'pending',
    'proposed',
    ['proposed', 'proposed-by-you'],
    'REQUEST standing',
    'none',
  ],
  ...(['doctor', 'patient'] as const).flatMap((by) => [
    proposalEnd('decline', by, 'proposal-declined'),
    proposalEnd('cancel', by, 'proposal-withdrawn'),
  ]),
  [
    'expire',
    'system',
    'proposal',
    'cancelled',
    'proposal-expired',
    ['proposal-expired', 'proposal-expired'],
    'REQUEST standing',
    'none',
  ],
];

function proposalEnd(change: Change, by: 'doctor' | 'patient', occasion: string) {
  const own = `${occasion}-by-you`;
  const mails = by === 'doctor' ? ([own, occasion] as const) : ([occasion, own] as const);
  return [change, by, 'proposal', 'cancelled', occasion, mails, 'REQUEST standing', 'none'] as const;
}

const planFor = (change: Change, by: By, what: What, status: AppointmentStatus) =>
  planOf(
    { change, by, appointment: { status }, ...(what === 'successor' ? { replaced: {} } : {}) },
    what === 'proposal',
  );

describe('who hears what of a change', () => {
  it.each(NEWS)('%s by %s of %s (%s)', (change, by, what, status, occasion, [doctor, patient], entry, reminders) => {
    const { method, entryOf, ...plan } = planFor(change, by, what, status);
    expect(`${method} ${entryOf}`).toBe(entry);
    expect(plan).toEqual({
      occasion,
      sides: [
        { side: 'doctor', byYou: by === 'doctor', mail: doctor },
        { side: 'patient', byYou: by === 'patient', mail: patient },
      ],
      reminders,
    });
  });

  it('is said of every change that there is', () => {
    expect(new Set(NEWS.map(([change]) => change))).toEqual(
      new Set<Change>(['request', 'propose', 'book', ...APPOINTMENT_CHANGES]),
    );
  });

  it('is a mail that names the other side and the time, to who did it in words of its own', () => {
    const facts = {
      name: 'Pia',
      other: 'Dr Lima',
      when: ['a Tuesday'],
      before: ['a Monday'],
      address: 'https://c.example',
    };
    for (const [change, by, what, status] of NEWS) {
      const { sides } = planFor(change, by, what, status);
      const texts = sides.map(({ mail }) => appointmentMail(mail, facts).text);
      for (const text of texts) expect(text).toMatch(/Dr Lima[^]*a Tuesday/);
      for (const text of texts) expect([what, text.includes('a Monday')]).toEqual([what, what !== 'itself']);
      expect([change, by, texts[0] === texts[1]]).toEqual([change, by, by === 'system']);
      for (const [index, { byYou }] of sides.entries())
        expect(/\byou have\b/.test(texts[index] ?? '') || !byYou).toBe(true);
    }
  });
});
