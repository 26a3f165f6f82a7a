import { ProductError } from '@health-connect/contract';

/** So often those who wait look whether it is still worth it. */
const LOOK_EVERY_MS = 2000;
/** Who would wait longer is asked to try again: too many are ahead, or one of them is stuck. */
const LONGEST_WAIT_MS = 30_000;

/**
 * Those in this process who are about to change the same thing go one after another. Beside one another they would meet
 * in the database, where all but one have to begin anew, again and again. It only saves work: that nothing is booked
 * twice is the database's doing, and other processes take no notice of these turns.
 */
export class Turns {
  readonly #last = new Map<string, Promise<unknown>>();

  private constructor() {}

  static create(): Turns {
    return new Turns();
  }

  /**
   * Does it once those who came before for the same key have ended.
   * @param look asked now and then while they have not: who waits leaves with what it throws
   * @throws ProductError `unavailable` when it takes too long
   */
  async take<T>(key: string, work: () => Promise<T>, look: () => Promise<void>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: done, resolve: end } = Promise.withResolvers<undefined>();
    const mine = before.then(() => done);
    this.#last.set(key, mine);
    try {
      for (let waitedMs = 0; !(await endsWithin(before, LOOK_EVERY_MS));) {
        waitedMs += LOOK_EVERY_MS;
        if (waitedMs >= LONGEST_WAIT_MS) throw new ProductError('unavailable');
        await look();
      }
      return await work();
    } finally {
      end(undefined);
      void mine.then(() => {
        if (this.#last.get(key) === mine) this.#last.delete(key);
      });
    }
  }
}

async function endsWithin(waitedFor: Promise<unknown>, limitMs: number): Promise<boolean> {
  const { promise: over, resolve: giveUp } = Promise.withResolvers<false>();
  const limit = setTimeout(giveUp, limitMs, false);
  const ended = await Promise.race([waitedFor.then(() => true), over]);
  clearTimeout(limit);
  return ended;
}
