import { percentile, type Client } from '../client.ts';

/** A kind of request, and a path of it for each time that it is made. */
export interface Question {
  readonly what: string;
  readonly path: (turn: number) => string;
  readonly cookie?: (turn: number) => string;
}

export interface Timing {
  readonly what: string;
  readonly p50Ms: number;
  readonly p95Ms: number;
}

const WARM_UP = 50;
const TURNS = 400;

/** Times requests one after the other: how long one person waits while nobody else asks. */
export async function timeQuestion(client: Client, { what, path, cookie }: Question): Promise<Timing> {
  const durations: number[] = [];
  for (let turn = 0; turn < WARM_UP + TURNS; turn += 1) {
    const asked = path(turn);
    const { status, durationMs } = await client.ask({
      path: asked,
      ...(cookie === undefined ? {} : { cookie: cookie(turn) }),
    });
    if (status !== 200) throw new Error(`${asked} answered ${status}`);
    if (turn >= WARM_UP) durations.push(durationMs);
  }
  return { what, p50Ms: percentile(durations, 0.5), p95Ms: percentile(durations, 0.95) };
}
