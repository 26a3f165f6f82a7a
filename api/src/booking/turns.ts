/** Whoever waits longer goes ahead without a turn: of what one waits for here, nothing depends on it. */
const LONGEST_WAIT_MS = 1000;

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

  /** Does it once those who came before for the same key have ended, or after a second at the latest. */
  async take<T>(key: string, work: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve();
    const { promise: done, resolve: end } = Promise.withResolvers<undefined>();
    const mine = before.then(() => done);
    this.#last.set(key, mine);
    try {
      await atMost(before, LONGEST_WAIT_MS);
      return await work();
    } finally {
      end(undefined);
      void mine.then(() => {
        if (this.#last.get(key) === mine) this.#last.delete(key);
      });
    }
  }
}

async function atMost(waitedFor: Promise<unknown>, limitMs: number): Promise<void> {
  const { promise: over, resolve: giveUp } = Promise.withResolvers<undefined>();
  const limit = setTimeout(giveUp, limitMs, undefined);
  await Promise.race([waitedFor, over]);
  clearTimeout(limit);
}
