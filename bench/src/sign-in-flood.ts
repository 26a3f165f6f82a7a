import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { percentile, type Client } from './client.ts';

export interface FloodResult {
  /** Of the p95 of each round to the p95 just before it: the machine may do something else in one of them. */
  readonly medianRatio: number;
  readonly idleP95Ms: number;
  readonly floodP95Ms: number;
  readonly probes: number;
  /** How the sign-ins were answered: status and how often. */
  readonly answers: ReadonlyMap<number, number>;
}

const ROUNDS = 7;
export const PARALLEL_SIGN_INS = 200;
const PROBES_PER_WINDOW = 150;
/** Requests of people who work meanwhile, a steady trickle: what is measured is waiting, not the limit. */
const PROBE_EVERY_MS = 10;

/** Who signs in by the hundred: these addresses, all with this password. */
export interface Crowd {
  readonly emails: readonly string[];
  readonly password: string;
}

/** A time of its own, with the flood or before it, in which something else is measured too. */
export type Window = 'idle' | 'flood';

interface Parts {
  readonly client: Client;
  readonly url: string;
  readonly cookie: string;
  readonly paths: readonly string[];
  readonly crowd: Crowd;
  readonly rounds?: number;
  /** How many probes before each flood, a hundred in a second. */
  readonly idleProbes?: number;
  /** Does the work of a window and looks at something else meanwhile. */
  readonly beside?: (window: Window, work: () => Promise<void>) => Promise<void>;
}

/** Sends requests at a steady pace, whether or not the ones before were answered. @returns how long each took */
async function probe({ client, cookie, paths }: Parts, more: (sent: number) => boolean): Promise<number[]> {
  const answers: Promise<number>[] = [];
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setInterval(() => {
    if (!more(answers.length)) {
      clearInterval(timer);
      resolve(undefined);
      return;
    }
    const path = paths[answers.length % paths.length] ?? '/';
    const answer = client.ask({ path, cookie }).then(({ status, durationMs }) => {
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      return durationMs;
    });
    // Told below, once all are sent: nobody waits for it before.
    answer.catch(() => undefined);
    answers.push(answer);
  }, PROBE_EVERY_MS);
  await promise;
  return Promise.all(answers);
}

/** Sends 200 sign-ins at once, and requests of others until all of them are answered. */
async function probeInFlood(parts: Parts, flooder: Worker, round: number) {
  const flood = { over: false };
  flooder.postMessage(round);
  const flooded = once(flooder, 'message').finally(() => {
    flood.over = true;
  });
  const [times, message] = await Promise.all([probe(parts, () => !flood.over), flooded]);
  const [statuses] = z.tuple([z.array(z.int())]).parse(message);
  return { times, statuses };
}

/** Other routes' time with and without 200 sign-ins at once, in turns (A7). */
export async function measureSignInFlood(parts: Parts): Promise<FloodResult> {
  const { url, crowd, rounds = ROUNDS, idleProbes = PROBES_PER_WINDOW, beside = (_window, work) => work() } = parts;
  const flooder = new Worker(join(import.meta.dirname, 'flood.worker.ts'), {
    workerData: { url, ...crowd, parallel: PARALLEL_SIGN_INS },
  });
  const idle: number[] = [];
  const flood: number[] = [];
  const ratios: number[] = [];
  const p95 = (times: readonly number[]): number => percentile(times, 0.95);
  const answers = new Map<number, number>();
  try {
    await probe(parts, (sent) => sent < PROBES_PER_WINDOW);
    for (let round = 0; round < rounds; round += 1) {
      let before: number[] = [];
      let meanwhile: number[] = [];
      await beside('idle', async () => {
        before = await probe(parts, (sent) => sent < idleProbes);
      });
      await beside('flood', async () => {
        const { times, statuses } = await probeInFlood(parts, flooder, round);
        meanwhile = times;
        for (const status of statuses) answers.set(status, (answers.get(status) ?? 0) + 1);
      });
      ratios.push(p95(meanwhile) / p95(before));
      idle.push(...before);
      flood.push(...meanwhile);
    }
  } finally {
    await flooder.terminate();
  }
  const medianRatio = percentile(ratios, 0.5);
  return { medianRatio, idleP95Ms: p95(idle), floodP95Ms: p95(flood), probes: flood.length, answers };
}

/** How sign-ins were answered, in words. */
export const answersOf = ({ answers }: FloodResult): string =>
  [...answers].map(([status, count]) => `${count} x ${status}`).join(', ');
