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

/** What comes after a proposal that was not agreed to. */
const unchanged = ({ before }: AppointmentMailFacts) => ['Your appointment stays as it was:', ...before] as const;

/** `-by-you`: to who did it. */
const WORDS = {
  requested: {
    subject: 'Somebody asks for an appointment',
    lines: ({ other, when }) => [
      `${other} asks for an appointment with you:`,
      ...when,
      'Please confirm it, or say no.',
    ],
  },
  'requested-by-you': {
    subject: 'You have asked for an appointment',
    lines: ({ other, when }) => [
      `you have asked for an appointment with ${other}:`,
      ...when,
      'It is not confirmed yet. You will get another email as soon as it is.',
    ],
  },
  booked: {
    subject: 'Your appointment is booked',
    lines: ({ other, when }) => [`you have an appointment with ${other}:`, ...when],
  },
  'booked-by-you': {
    subject: 'You have booked an appointment',
    lines: ({ other, when }) => [`you have booked an appointment with ${other}:`, ...when],
  },
  confirmed: {
    subject: 'Your appointment is confirmed',
    lines: ({ other, when }) => [`your appointment with ${other} is confirmed:`, ...when],
  },
  'confirmed-by-you': {
    subject: 'You have confirmed an appointment',
    lines: ({ other, when }) => [`you have confirmed the appointment with ${other}:`, ...when],
  },
  moved: {
    subject: 'Your appointment has a new time',
    lines: ({ other, when, before }) => [
      `your appointment with ${other} has a new time:`,
      ...when,
      ...(before.length === 0 ? [] : ['Before, it was:', ...before]),
    ],
  },
  'moved-by-you': {
    subject: 'You have agreed to a new time',
    lines: ({ other, when, before }) => [
      `you have agreed to a new time for your appointment with ${other}:`,
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
  'declined-by-you': {
    subject: 'You have declined a request',
    lines: ({ other, when }) => [`you have declined the request of ${other}:`, ...when],
  },
  cancelled: {
    subject: 'Your appointment is canceled',
    lines: ({ other, when }) => [
      `your appointment with ${other} is canceled:`,
      ...when,
      'What was said about it is on its page.',
    ],
  },
  'cancelled-by-you': {
    subject: 'You have canceled an appointment',
    lines: ({ other, when }) => [`you have canceled your appointment with ${other}:`, ...when],
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
  'missed-by-you': {
    subject: 'You have marked an appointment as missed',
    lines: ({ other, when }) => [`you have noted that you and ${other} did not meet at this appointment:`, ...when],
  },
  completed: {
    subject: 'Your appointment is over',
    lines: ({ other, when }) => [`your appointment with ${other} has taken place:`, ...when],
  },
  'completed-by-you': {
    subject: 'You have ended an appointment',
    lines: ({ other, when }) => [`you have ended your appointment with ${other}:`, ...when],
  },
  proposed: {
    subject: 'Another time is proposed',
    lines: ({ other, when, before }) => [
      `${other} proposes another time for your appointment:`,
      ...when,
      ...(before.length === 0
        ? ['Please answer.']
        : ['Please answer. Until you do, your appointment stays as it is:', ...before]),
    ],
  },
  'proposed-by-you': {
    subject: 'You have proposed another time',
    lines: ({ other, when, before }) => [
      `you have proposed another time for your appointment with ${other}:`,
      ...when,
      ...(before.length === 0
        ? ['You will get another email as soon as there is an answer.']
        : [
            'You will get another email as soon as there is an answer. Until then, your appointment stays as it is:',
            ...before,
          ]),
    ],
  },
  'proposal-declined': {
    subject: 'The time that you proposed was declined',
    lines: (facts) => [`${facts.other} cannot take the time that you proposed:`, ...facts.when, ...unchanged(facts)],
  },
  'proposal-declined-by-you': {
    subject: 'You have declined another time',
    lines: (facts) => [`you have declined the time that ${facts.other} proposed:`, ...facts.when, ...unchanged(facts)],
  },
  'proposal-withdrawn': {
    subject: 'A proposed time was taken back',
    lines: (facts) => [
      `${facts.other} has taken back the time that was proposed for your appointment:`,
      ...facts.when,
      ...unchanged(facts),
    ],
  },
  'proposal-withdrawn-by-you': {
    subject: 'You have taken back a proposed time',
    lines: (facts) => [
      `you have taken back the time that was proposed for your appointment with ${facts.other}:`,
      ...facts.when,
      ...unchanged(facts),
    ],
  },
  'proposal-expired': {
    subject: 'A proposed time was not answered',
    lines: (facts) => [
      `another time was proposed for your appointment with ${facts.other}, and nobody answered before it came:`,
      ...facts.when,
      ...unchanged(facts),
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
