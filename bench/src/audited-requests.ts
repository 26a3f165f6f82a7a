import { percentile, type Client } from './client.ts';

export interface RateResult {
  readonly perSecond: number;
  readonly p95Ms: number;
  readonly requests: number;
}

const DURATION_MS = 10_000;
const WARM_UP_MS = 2000;
/** So many people at once, each asking again as soon as they are answered. */
const PEOPLE = 48;
const MAX_REQUESTS = 100_000;

/** How many audited views a second the product answers. Each is written to the trail before it is answered. */
export async function measureAuditedRequests(client: Client, path: string, cookie: string): Promise<RateResult> {
  const durations: number[] = [];
  const startedAt = performance.now();
  let asked = 0;
  const elapsedMs = (): number => performance.now() - startedAt;
  const person = async (): Promise<void> => {
    while (elapsedMs() < WARM_UP_MS + DURATION_MS && asked < MAX_REQUESTS) {
      asked += 1;
      const { status, durationMs } = await client.ask({ path, cookie });
      if (status !== 200) throw new Error(`${path} answered ${status}`);
      if (elapsedMs() >= WARM_UP_MS) durations.push(durationMs);
    }
  };
  await Promise.all(Array.from({ length: PEOPLE }, person));
  const measuredMs = elapsedMs() - WARM_UP_MS;
  return {
    perSecond: durations.length / (measuredMs / 1000),
    p95Ms: percentile(durations, 0.95),
    requests: durations.length,
  };
}
