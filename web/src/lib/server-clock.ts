/** The `Date` header of an answer counts whole seconds. */
const HEADER_STEP_MS = 1_000;

/**
 * The server's time of day, by the clock of this device and the `Date` header of what the server answers: doors open and
 * times pass by the server's clock, whatever a phone shows.
 */
export class ServerClock {
  readonly #now: () => number;
  #aheadMs = 0;

  private constructor(now: () => number) {
    this.#now = now;
  }

  static create(now: () => number = () => Date.now()): ServerClock {
    return new ServerClock(now);
  }

  /** Now, in ms since the epoch. */
  readonly now = (): number => this.#now() + this.#aheadMs;

  /**
   * Learns from an answer. A clock that can be right within what the answer tells is left as it is.
   * @param date the header; what is no date counts as none
   * @param askedMs when it was asked for, by `deviceNow`
   */
  learn(date: string | null, askedMs: number): void {
    const saidMs = Date.parse(date ?? '');
    if (Number.isNaN(saidMs)) return;
    // It was written between question and answer, at some instant of the second that it names.
    const [leastMs, mostMs] = [saidMs - this.#now(), saidMs + HEADER_STEP_MS - askedMs];
    if (this.#aheadMs < leastMs || this.#aheadMs > mostMs) this.#aheadMs = Math.round((leastMs + mostMs) / 2);
  }

  /** Now by the clock of this device, in ms since the epoch. */
  readonly deviceNow = (): number => this.#now();
}

/** The one clock of the page. */
export const serverClock = ServerClock.create();
