import type { MailContent } from '../message.ts';
import { oneLine } from '../one-line.ts';
import { render } from './layout.ts';

/** What a mail about an appointment may say. No reason, no note, no diagnosis: those are behind the link. */
export interface AppointmentMailFacts {
  /** Who gets it. */
  readonly name: string;
  /** The other side. */
  readonly other: string;
  /** When the appointment is, one line for each zone. */
  readonly when: readonly string[];
  /** For another time: when the appointment was, or still is. */
  readonly before: readonly string[];
  /** Address of the appointment in the web app. */
  readonly address: string;
}

interface Words {
  readonly subject: string;
  readonly lines: (facts: AppointmentMailFacts) => readonly string[];
}

const WORDS = {
  requested: {
    subject: 'Somebody asks for an appointment',
    lines: ({ other, when }) => [
      `${other} asks for an appointment with you:`,
      ...when,
      'Please confirm it, or say no.',
    ],
  },
  'request-sent': {
    subject: 'You have asked for an appointment',
    lines: ({ other, when }) => [
      `you have asked for an appointment with ${other}:`,
      ...when,
      'It is not confirmed yet. You get another mail as soon as it is.',
    ],
  },
  booked: {
    subject: 'Your appointment is booked',
    lines: ({ other, when }) => [`you have an appointment with ${other}:`, ...when],
  },
  confirmed: {
    subject: 'Your appointment is confirmed',
    lines: ({ other, when }) => [`your appointment with ${other} is confirmed:`, ...when],
  },
  proposed: {
    subject: 'Another time is proposed',
    lines: ({ other, when, before }) => [
      `${other} proposes another time for your appointment:`,
      ...when,
      'Please answer. Until you do, your appointment stays as it is:',
      ...before,
    ],
  },
  'proposal-declined': {
    subject: 'The time that you proposed was declined',
    lines: ({ other, when, before }) => [
      `${other} cannot take the time that you proposed:`,
      ...when,
      'Your appointment stays as it was:',
      ...before,
    ],
  },
  'proposal-withdrawn': {
    subject: 'A proposed time was taken back',
    lines: ({ other, when, before }) => [
      `${other} has taken back the time that was proposed for your appointment:`,
      ...when,
      'Your appointment stays as it was:',
      ...before,
    ],
  },
  moved: {
    subject: 'Your appointment has a new time',
    lines: ({ other, when, before }) => [
      `your appointment with ${other} has a new time:`,
      ...when,
      ...(before.length === 0 ? [] : ['Before, it was:', ...before]),
    ],
  },
  declined: {
    subject: 'Your request was declined',
    lines: ({ other, when }) => [
      `${other} cannot give you this appointment:`,
      ...when,
      'What was said about it is on its page. You can choose another time.',
    ],
  },
  'declined-yourself': {
    subject: 'You have declined a request',
    lines: ({ other, when }) => [`you have declined the request of ${other}:`, ...when],
  },
  cancelled: {
    subject: 'Your appointment is cancelled',
    lines: ({ other, when }) => [
      `your appointment with ${other} is cancelled:`,
      ...when,
      'What was said about it is on its page.',
    ],
  },
  expired: {
    subject: 'An appointment was not confirmed in time',
    lines: ({ other, when }) => [
      `this appointment with ${other} was not confirmed before its time came, and has ended:`,
      ...when,
    ],
  },
  missed: {
    subject: 'You did not meet',
    lines: ({ other, when }) => [
      `you and ${other} did not meet at this appointment:`,
      ...when,
      'If you still need it, please make another one.',
    ],
  },
  reminder: {
    subject: 'Your appointment is soon',
    lines: ({ other, when }) => [`this is a reminder of your appointment with ${other}:`, ...when],
  },
} as const satisfies Readonly<Record<string, Words>>;

/** What a mail about an appointment tells. */
export type MailWords = keyof typeof WORDS;

/** A mail about an appointment, in plain words. */
export function appointmentMail(words: MailWords, facts: AppointmentMailFacts): MailContent {
  const { subject, lines }: Words = WORDS[words];
  const clean = { ...facts, name: oneLine(facts.name), other: oneLine(facts.other) };
  return render({
    subject,
    before: [`Hello ${clean.name},`, ...lines(clean)],
    link: { label: 'Open the appointment', address: facts.address },
  });
}
