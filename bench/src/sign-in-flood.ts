import { percentile, type Client } from './client.ts';

export interface FloodResult {
  readonly idleP95Ms: number;
  readonly floodP95Ms: number;
  readonly probes: number;
  /** How the sign-ins were answered: status and how often. */
  readonly answers: ReadonlyMap<number, number>;
}

const ROUNDS = 5;
const PARALLEL_SIGN_INS = 200;
const PROBES_PER_WINDOW = 150;
/** Requests of people who work meanwhile, a steady trickle: what is measured is waiting, not the limit. */
const PROBE_EVERY_MS = 10;

interface Parts {
  readonly client: Client;
  /** Its own connections: the flood must not keep the probes from being sent. */
  readonly flooder: Client;
  readonly cookie: string;
  readonly paths: readonly string[];
  readonly emails: readonly string[];
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
    answers.push(
      client.ask({ path, cookie }).then(({ status, durationMs }) => {
        if (status !== 200) throw new Error(`${path} answered ${status}`);
        return durationMs;
      }),
    );
  }, PROBE_EVERY_MS);
  await promise;
  return Promise.all(answers);
}

async function signIns({ flooder, emails }: Parts, round: number, answers: Map<number, number>): Promise<void> {
  await Promise.all(
    Array.from({ length: PARALLEL_SIGN_INS }, async (_item, index) => {
      // From everywhere: throttling by network must not take the load away that is to be measured.
      const network = `10.${round}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
      const body = {
        email: emails[(round * PARALLEL_SIGN_INS + index) % emails.length] ?? '',
        password: `wrong password ${index}`,
      };
      const { status } = await flooder.ask({ method: 'POST', path: '/api/auth/login', body, network });
      answers.set(status, (answers.get(status) ?? 0) + 1);
    }),
  );
}

/** Other routes' time with and without 200 sign-ins at once, in turns (A7). */
export async function measureSignInFlood(parts: Parts): Promise<FloodResult> {
  const idle: number[] = [];
  const flood: number[] = [];
  const answers = new Map<number, number>();
  await probe(parts, (sent) => sent < PROBES_PER_WINDOW);
  for (let round = 0; round < ROUNDS; round += 1) {
    idle.push(...(await probe(parts, (sent) => sent < PROBES_PER_WINDOW)));
    let flooding = true;
    const flooded = signIns(parts, round, answers).finally(() => {
      flooding = false;
    });
    flood.push(...(await probe(parts, (sent) => flooding && sent < PROBES_PER_WINDOW)));
    await flooded;
  }
  return { idleP95Ms: percentile(idle, 0.95), floodP95Ms: percentile(flood, 0.95), probes: flood.length, answers };
}
