import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { startStack, type Stack } from '../../../e2e/support/stack.ts';
import { Client } from '../client.ts';
import type { Line } from '../line.ts';
import { signIn } from '../sign-in.ts';
import { doctorEmail, doctorId, fillHospital, patientEmail, patientId } from './fill.ts';
import { BOOKED_OUT_DOCTORS, busyDoctors, patientsOf, SPECIALIZATIONS, type HospitalSize } from './hospital.ts';
import { timeTyping } from './typing.ts';
import { timeQuestion, type Question, type Timing } from './measure.ts';

const SMALL: HospitalSize = { doctors: 5000, patients: 50_000, appointments: 100_000 };
const SIZES = { small: SMALL, large: { ...SMALL, appointments: 1_000_000 } };
const MAX_P95_MS = 50;
const MAX_RATIO = 1.5;
const MAX_TYPING_MS = 100;
const DIRECTORY_TIMEOUT_MS = 300_000;
const DAY_MS = 24 * 60 * 60_000;
/** So many people of each kind are signed in, and ask in turns. */
const PEOPLE = 20;
/** What somebody types, key by key. */
const TYPED = ['d', 'de', 'der', 'derm', 'derma', 'muller', 'müller-1', 'padiatrie', 'skin', 'helene'];

const dayOf = (offset: number): string => new Date(Date.now() + offset * DAY_MS).toISOString().slice(0, 10);

/** Strides through the busy ones, so that no two requests in a row are about the same. */
const spread = (turn: number, count: number): number => (turn * 7919) % count;

async function questions(client: Client, size: HospitalSize, password: string): Promise<Question[]> {
  const [doctors, patients] = [busyDoctors(size), patientsOf(size)];
  const signedIn = async (emailOf: (person: number) => string, count: number) => {
    const people: { person: number; cookie: string }[] = [];
    for (let turn = 0; turn < PEOPLE; turn += 1) {
      const person = spread(turn, count);
      people.push({ person, cookie: await signIn(client, { email: emailOf(person), password }) });
    }
    return (turn: number) => people[turn % PEOPLE] ?? { person: 0, cookie: '' };
  };
  const [doctor, patient] = [await signedIn(doctorEmail, doctors), await signedIn(patientEmail, patients)];
  const typed = (turn: number): string => encodeURIComponent(TYPED[turn % TYPED.length] ?? '');
  const specialization = (turn: number): string =>
    encodeURIComponent(SPECIALIZATIONS[turn % SPECIALIZATIONS.length] ?? '');
  return [
    { what: 'directory, as it opens', path: () => '/api/doctors' },
    { what: 'directory, a term key by key', path: (turn) => `/api/doctors?term=${typed(turn)}` },
    {
      what: 'directory, filtered',
      path: (turn) => `/api/doctors?specialization=${specialization(turn)}&free=week&mode=video&minimumYears=5`,
    },
    {
      what: "a doctor's week of slots",
      path: (turn) => `/api/doctors/${doctorId(spread(turn, doctors))}/slots?from=${dayOf(0)}&timeZone=Europe/Berlin`,
    },
    {
      what: 'a week of a doctor who is booked out',
      path: (turn) =>
        `/api/doctors/${doctorId(size.doctors + (turn % BOOKED_OUT_DOCTORS))}/slots?from=${dayOf(0)}&timeZone=Europe/Berlin`,
    },
    {
      what: "the doctor's day",
      path: (turn) => `/api/appointments/day?from=${dayOf(1 + (turn % 5))}`,
      cookie: (turn) => doctor(turn).cookie,
    },
    {
      what: "a patient's history",
      path: (turn) => `/api/patients/${patientId(patient(turn).person)}/history`,
      cookie: (turn) => patient(turn).cookie,
    },
    {
      what: 'the bell, with what is unread',
      path: () => '/api/notifications',
      cookie: (turn) => patient(turn).cookie,
    },
  ];
}

/** The directory is made in the background: waits until every doctor is in it. */
async function directoryComplete(stack: Stack, size: HospitalSize): Promise<void> {
  const totalSchema = z.object({ total: z.number() });
  const deadline = Date.now() + DIRECTORY_TIMEOUT_MS;
  for (;;) {
    const response = await fetch(`${stack.url}/api/doctors?limit=1`);
    const { total } = totalSchema.parse(await response.json());
    if (total >= size.doctors + BOOKED_OUT_DOCTORS) return;
    if (Date.now() > deadline) throw new Error(`The directory holds ${total} doctors only`);
    await delay(1000);
  }
}

interface Timed {
  readonly requests: readonly Timing[];
  readonly typing: Timing;
}

async function timingsOf(size: HospitalSize): Promise<Timed> {
  const stack = await startStack();
  const client = Client.create(stack.url, 4);
  try {
    const known = stack.accounts.find(({ role }) => role === 'doctor');
    if (known === undefined) throw new Error('There is no doctor');
    const startedAt = performance.now();
    await fillHospital(stack.mongodbUri, size, known.email);
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(0);
    process.stdout.write(`${size.appointments} appointments filled in within ${seconds} s\n`);
    await directoryComplete(stack, size);
    const timings: Timing[] = [];
    for (const question of await questions(client, size, known.password)) {
      timings.push(await timeQuestion(client, question));
    }
    return { requests: timings, typing: await timeTyping(stack.url) };
  } finally {
    client.close();
    await stack.stop();
  }
}

/**
 * How long lists and searches take in a hospital of 5,000 doctors and 50,000 patients, with a million appointments and
 * with a tenth of them, two fifths of both in the archive. Whoever is asked about has as many appointments in both, as many
 * of them in the archive, and as many doctors.
 */
export async function measureData(
  sizes: { readonly small: HospitalSize; readonly large: HospitalSize } = SIZES,
): Promise<Line[]> {
  const small = new Map((await timingsOf(sizes.small)).requests.map((timing) => [timing.what, timing]));
  const { requests, typing } = await timingsOf(sizes.large);
  const lines = requests.flatMap(({ what, p50Ms, p95Ms }): Line[] => {
    const before = small.get(what);
    if (before === undefined) throw new Error(`${what} was not measured in the small hospital`);
    const ratio = p95Ms / before.p95Ms;
    return [
      {
        what: `${what}: p95 of a million appointments (p50 ${p50Ms.toFixed(1)} ms)`,
        measured: `${p95Ms.toFixed(1)} ms`,
        gate: `<= ${MAX_P95_MS} ms`,
        met: p95Ms <= MAX_P95_MS,
      },
      {
        what: `${what}: that / p95 of a tenth of them (p50 ${before.p50Ms.toFixed(1)} ms, p95 ${before.p95Ms.toFixed(1)} ms)`,
        measured: ratio.toFixed(2),
        gate: `<= ${MAX_RATIO}`,
        met: ratio <= MAX_RATIO,
      },
    ];
  });
  return [
    ...lines,
    {
      what: `${typing.what}: p95 (p50 ${typing.p50Ms.toFixed(1)} ms)`,
      measured: `${typing.p95Ms.toFixed(1)} ms`,
      gate: `< ${MAX_TYPING_MS} ms`,
      met: typing.p95Ms < MAX_TYPING_MS,
    },
  ];
}
