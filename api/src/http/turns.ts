/** What begins in this time is little beside everything else, and 200 sign-ins at once have all begun within 0.6 s. */
const BETWEEN_MS = 3;

/**
 * Begins work one piece after the other, with a little time for everything else in between. Without it, 200 sign-ins
 * that come at once are all begun before anything else is looked at, and somebody whose request came with them waits
 * for all of them (A7).
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];
  #timer: NodeJS.Timeout | undefined;

  private constructor() {
    // Made by `create`.
  }

  static create(): Turns {
    return new Turns();
  }

  /** Begins it when it is its turn, in order: at once when nothing has begun just before. */
  take(begin: () => void): void {
    this.#waiting.push(begin);
    this.#timer ??= setTimeout(this.#next, 0);
  }

  readonly #next = (): void => {
    const begin = this.#waiting.shift();
    // The last one, too, is followed by the pause, which whoever comes meanwhile waits for.
    this.#timer = begin === undefined ? undefined : setTimeout(this.#next, BETWEEN_MS);
    begin?.();
  };
}
