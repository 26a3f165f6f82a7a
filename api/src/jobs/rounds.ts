interface RoundsOptions {
  readonly everyMs: number;
  readonly run: () => Promise<void>;
  /** What is logged of a round that has failed; the next one tries again. */
  readonly failure: string;
  readonly logger: { warn(facts: object, words: string): void };
}

/** Does something every few seconds in each process, one round at a time. They keep no process alive. */
export class Rounds {
  readonly #options: RoundsOptions;
  #timer: NodeJS.Timeout | undefined;
  #round: Promise<void> = Promise.resolve();

  private constructor(options: RoundsOptions) {
    this.#options = options;
  }

  static create(options: RoundsOptions): Rounds {
    return new Rounds(options);
  }

  /** The first round comes after the first pause. */
  start(): void {
    const { everyMs, run, failure, logger } = this.#options;
    this.#timer = setTimeout(() => {
      this.#round = run()
        .catch((error: unknown) => logger.warn({ err: error }, failure))
        .then(() => {
          if (this.#timer !== undefined) this.start();
        });
    }, everyMs).unref();
  }

  /** Ends with the round that is under way. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#round;
  }
}
