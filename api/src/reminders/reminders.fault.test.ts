import { setTimeout as delay } from 'node:timers/promises';
import { appointmentSchema, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { KillableApi } from '../testing/killable-api.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const MINUTE_MS = 60_000;
/** A process is killed in each; one appointment moves meanwhile. */
const WAVES = 5;
const IN_A_WAVE = 12;
/** From the first reminder of a wave on; all of it take about as long. */
const LONGEST_PAUSE_MS = 250;
const ROUNDS = 2;
const SUBJECT = 'Your appointment is soon';

const answerSchema = z.object({ appointment: appointmentSchema });

let server: TestServer;
let desk: BookingDesk;
let news: TestNews;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  news = await TestNews.of(server);
});
afterAll(() => server.close());

const collection = (name: string) => server.database.connection.collection(name);
/** Reminders under somebody's bell that are about an appointment. */
const toldOf = (appointmentId: string, { id }: Person): Promise<number> =>
  collection('notifications').countDocuments({
    appointmentId: toStoredId(appointmentId),
    accountId: toStoredId(id),
    kind: { $regex: '^reminder-' },
  });
const remindersOf = (appointmentId: string, state: string): Promise<number> =>
  collection('reminders').countDocuments({ appointmentId: toStoredId(appointmentId), state });
const settledOf = (ids: readonly string[]): Promise<number> =>
  collection('reminders').countDocuments({ appointmentId: { $in: ids.map(toStoredId) }, state: { $ne: 'planned' } });
const stillDue = (): Promise<number> =>
  collection('reminders').countDocuments({ state: 'planned', dueAt: { $lte: new Date() } });
const mailsTo = async ({ email }: Person): Promise<number> =>
  (await news.mailsTo(email)).filter(({ subject }) => subject === SUBJECT).length;
/** Makes what is planned of some appointments due now, as the passing of time would. */
const letFallDue = (ids: readonly string[]) =>
  collection('reminders').updateMany(
    { appointmentId: { $in: ids.map(toStoredId) }, state: 'planned' },
    { $set: { dueAt: new Date() } },
  );

interface Visit {
  readonly id: string;
  readonly patient: Person;
}

/** Agreed to. */
async function agreed(doctor: Person): Promise<Visit> {
  const patient = await server.person('patient', 'Pat');
  const id = await server.appointment(doctor, patient, 45);
  await news.tell(id, 'confirm', 'doctor');
  return { id, patient };
}

/** Offers another time by one process and agrees to it by the other, whichever of them is killed meanwhile. */
async function move(apis: readonly [KillableApi, KillableApi], byDoctor: string, visit: Visit, index: number) {
  const body = desk.wanted(await doctorOf(visit), desk.slot(2, index));
  const { doctorId: _doctorId, mode: _mode, reason: _reason, ...time } = body;
  const path = `/api/appointments/${visit.id}`;
  const proposed = await apis[index % 2 === 0 ? 0 : 1].ask('POST', `${path}/proposals`, {
    cookie: byDoctor,
    body: { ...time, comment: '', version: 0 },
  });
  const proposal = answerSchema.parse(await proposed.json()).appointment;
  const cookie = await server.signIn(visit.patient);
  const confirm = { cookie, body: { version: proposal.version, comment: '' } };
  await letFallDue([visit.id]);
  // Where the first answer was lost with its process, the second one says that it is done already.
  const answer = await apis[index % 2 === 0 ? 1 : 0].ask('POST', `/api/appointments/${proposal.id}/confirm`, confirm);
  expect(answer.status).toBeOneOf([200, 409]);
  return proposal;
}

async function doctorOf({ id }: Visit): Promise<Person> {
  const { doctorId } = await news.appointment(id);
  return { id: doctorId, name: '', email: '', role: 'doctor' };
}

describe('reminders while one of two processes is killed again and again', () => {
  it.each(Array.from({ length: ROUNDS }, (_item, round) => round))(
    'come once to everybody, and follow an appointment that moves (round %i)',
    async () => {
      // The processes have the real clock.
      server.clock.set(Date.now());
      const doctor = await desk.doctor('Dr Lima');
      const byDoctor = await server.signIn(doctor);
      const staying: Visit[] = [];
      const moving: Visit[] = [];
      for (let count = 0; count < WAVES * IN_A_WAVE; count += 1) staying.push(await agreed(doctor));
      for (let count = 0; count < WAVES; count += 1) moving.push(await agreed(doctor));
      const apis = [await KillableApi.start(server), await KillableApi.start(server)] as const;
      try {
        await Promise.all(apis.map((api) => api.ready()));
        const proposals: Appointment[] = [];
        for (const [wave, visit] of moving.entries()) {
          const due = staying.slice(wave * IN_A_WAVE, (wave + 1) * IN_A_WAVE).map(({ id }) => id);
          await letFallDue(due);
          const moved = move(apis, byDoctor, visit, wave);
          await vi.waitFor(async () => expect(await settledOf(due)).toBeGreaterThan(0), {
            timeout: 60_000,
            interval: 5,
          });
          // While it sends, at a point that nobody has chosen. Nobody knows which of the two it is: one goes, then the other.
          await delay(Math.random() * LONGEST_PAUSE_MS);
          await apis[wave % 2 === 0 ? 0 : 1].kill();
          if (Math.random() < 0.5) await apis[wave % 2 === 0 ? 1 : 0].kill();
          proposals.push(await moved);
        }
        await letFallDue(proposals.map(({ id }) => id));
        await vi.waitFor(async () => expect(await stillDue()).toBe(0), { timeout: 240_000, interval: 200 });
        for (const { id, patient } of staying) {
          expect([await toldOf(id, patient), await toldOf(id, doctor), await mailsTo(patient)]).toEqual([1, 1, 1]);
        }
        for (const [index, { id, patient }] of moving.entries()) {
          const next = proposals[index]?.id ?? '';
          // Of the former time at most what had been sent before it moved; of the new one exactly one for each side.
          const before = [await toldOf(id, patient), await toldOf(id, doctor)];
          expect(before.every((count) => count <= 1)).toBe(true);
          expect(await remindersOf(id, 'planned')).toBe(0);
          expect(await remindersOf(id, 'sent')).toBe((before[0] ?? 0) + (before[1] ?? 0));
          expect([await toldOf(next, patient), await toldOf(next, doctor)]).toEqual([1, 1]);
          expect((await news.appointment(id)).status).toBe('rescheduled');
        }
      } finally {
        await Promise.all(apis.map((api) => api.close()));
      }
    },
    10 * MINUTE_MS,
  );
});
