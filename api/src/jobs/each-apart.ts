import { isDatabaseUnavailable } from '../database/errors.ts';
import type { Logger } from '../logging/logger.ts';

/**
 * Does something with each of several things, one after the other. One that fails is logged and holds up no other: it is
 * tried again in the next round of the job. Without a database nothing else can succeed either: then it is given up.
 * @returns how many have failed
 */
export async function eachApart<T extends { readonly id: string }>(
  things: readonly T[],
  logger: Pick<Logger, 'error'>,
  work: (thing: T) => Promise<unknown>,
): Promise<number> {
  let failed = 0;
  for (const thing of things) {
    try {
      await work(thing);
    } catch (error) {
      if (isDatabaseUnavailable(error)) throw error;
      logger.error({ err: error, id: thing.id }, 'A part of a job has failed');
      failed += 1;
    }
  }
  return failed;
}
