import { parentPort, workerData } from 'node:worker_threads';
import { z } from 'zod';
import { Client } from './client.ts';

/*
 * Sends a flood of sign-ins from a thread of its own: the thread that measures how long others wait must not be the one
 * that is busy with the flood.
 */

const { url, emails, parallel, password } = z
  .object({ url: z.string(), emails: z.array(z.string()), parallel: z.int(), password: z.string() })
  .parse(workerData);
/** Sign-ins stand behind everything else: on a machine that does much else they take their time. */
const TIMEOUT_MS = 60_000;
/** Told in place of a status when there was no answer in time, or the connection was cut. */
const UNANSWERED = 0;
const client = Client.create(url, parallel, TIMEOUT_MS);

async function flood(round: number): Promise<number[]> {
  return Promise.all(
    Array.from({ length: parallel }, async (_item, index) => {
      // From everywhere: throttling by network must not take the load away that is to be measured.
      const network = `10.${round}.${Math.floor(index / 250)}.${(index % 250) + 1}`;
      const email = emails[(round * parallel + index) % emails.length] ?? '';
      const body = { email, password };
      const asked = client.ask({ method: 'POST', path: '/api/auth/login', body, network });
      return asked.then(
        ({ status }) => status,
        () => UNANSWERED,
      );
    }),
  );
}

parentPort?.on('message', (round: unknown) => {
  void flood(z.int().parse(round)).then((statuses) => parentPort?.postMessage(statuses));
});
