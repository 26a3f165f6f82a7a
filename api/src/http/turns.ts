/**
 * Begins work one piece per round of the event loop. Without it, 200 sign-ins that come at once are all begun before
 * anything else is looked at, and somebody whose request came with them waits for all of them (A7).
 */
export class Turns {
  readonly #waiting: (() => void)[] = [];

  private constructor() {
    // Made by `create`.
  }

  static create(): Turns {
    return new Turns();
  }

  /** Begins it when it is its turn, in order. */
  take(begin: () => void): void {
    this.#waiting.push(begin);
    if (this.#waiting.length === 1) setImmediate(this.#next);
  }

  readonly #next = (): void => {
    const begin = this.#waiting.shift();
    // Asked for from within an immediate, the next one comes after a look at everything that has arrived meanwhile.
    if (this.#waiting.length > 0) setImmediate(this.#next);
    begin?.();
  };
}
