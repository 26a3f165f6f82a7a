import { serverClock } from '../server-clock.ts';

const MINUTE_MS = 60_000;

/** The time of day, minute by minute, as long as the component lives. Nothing on the screen counts seconds. */
export class MinuteClock {
  #nowMs = $state(serverClock.now());

  private constructor() {
    $effect(() => {
      let timer: ReturnType<typeof setTimeout>;
      const tick = (): void => {
        this.#nowMs = serverClock.now();
        timer = setTimeout(tick, MINUTE_MS - (this.#nowMs % MINUTE_MS));
      };
      timer = setTimeout(tick, MINUTE_MS - (serverClock.now() % MINUTE_MS));
      return () => clearTimeout(timer);
    });
  }

  /** To be called while the component is set up. */
  static use(): MinuteClock {
    return new MinuteClock();
  }

  get nowMs(): number {
    return this.#nowMs;
  }
}
