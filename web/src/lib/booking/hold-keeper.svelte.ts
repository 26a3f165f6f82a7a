import { HOLD_EXTENSION_MINUTES, HOLD_MINUTES, holdEndpoints, ProductError, type Hold } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { KeyedTimers } from '../keyed-timers.ts';

const MINUTE_MS = 60_000;
/** So long before its end the person is asked whether they need more time (WCAG 2.2.1: at least 20 s). */
export const WARNING_MS = 2 * MINUTE_MS;

/**
 * - `none`: nothing is kept
 * - `kept`: the time is kept
 * - `ending`: it is kept, but not for long any more
 * - `ended`: we let go of it
 */
export type HoldStage = 'none' | 'kept' | 'ending' | 'ended';

/** Asks the server to keep the slot that starts then; what it is chosen for is known to the one who asks. */
export type AskForHold = (startsAt: string) => Promise<{ readonly hold: Hold }>;

/**
 * The time that is kept for the person while they fill in the form. Its end is counted by this device's own clock from
 * the answer on, so a clock that is wrong does no harm. What is not booked is given back.
 */
export class HoldKeeper {
  readonly #call: ApiCall;
  readonly #askFor: AskForHold;
  readonly #now: () => number;
  readonly #timers = KeyedTimers.create<'warn' | 'end'>();
  #hold = $state.raw<Hold | undefined>();
  #stage = $state<HoldStage>('none');
  #endsMs = $state(0);
  /** Rises with every wish, so that a late answer to an earlier one is known. */
  #wish = 0;
  /** The one before has been answered: the server gets wishes in the order in which they were made. */
  #settled: Promise<unknown> = Promise.resolve();

  private constructor(call: ApiCall, askFor: AskForHold, now: () => number) {
    this.#call = call;
    this.#askFor = askFor;
    this.#now = now;
  }

  static create(call: ApiCall, askFor: AskForHold, now: () => number = Date.now): HoldKeeper {
    return new HoldKeeper(call, askFor, now);
  }

  get stage(): HoldStage {
    return this.#stage;
  }

  /** What is kept now. */
  get hold(): Hold | undefined {
    return this.#hold;
  }

  /** Until when by this device's clock, in ms since the epoch. */
  get endsMs(): number {
    return this.#endsMs;
  }

  /** Whether it can be kept longer once more. */
  get extendable(): boolean {
    return (this.#hold?.extensionsLeft ?? 0) > 0;
  }

  /** Keeps a slot; the one before is given back. Throws what the server refuses it with. */
  take(startsAt: string): Promise<void> {
    const wish = (this.#wish += 1);
    const taken = this.#settled.then(() => this.#ask(wish, startsAt));
    this.#settled = taken.catch(() => undefined);
    return taken;
  }

  /** Keeps it longer. What is over becomes `ended`. Throws when there is no answer. */
  async extend(): Promise<void> {
    const { hold: kept } = this;
    if (kept === undefined) return;
    try {
      const { hold } = await this.#call(holdEndpoints.extend, { params: { holdId: kept.id } });
      if (this.#hold?.id === kept.id) this.#keep(hold, this.#endsMs + HOLD_EXTENSION_MINUTES * MINUTE_MS);
    } catch (error) {
      if (!(error instanceof ProductError)) throw error;
      if (error.code === 'hold_ended') this.#end();
      else if (error.code !== 'limit_exceeded') throw error;
    }
  }

  /**
   * Asks the server whether it is still kept: another tab of the person may have chosen another time, which gives this one
   * back. Without an answer its time runs on. Never throws.
   */
  async verify(): Promise<void> {
    const { hold: kept } = this;
    if (kept === undefined) return;
    try {
      const { hold } = await this.#call(holdEndpoints.own, {});
      if (this.#hold?.id === kept.id && hold?.id !== kept.id) this.#end();
    } catch {
      // Looked at again with the next news of the doctor's time.
    }
  }

  /** Gives it back; also while the page is being left. Never throws. */
  release(): void {
    this.#wish += 1;
    const { hold } = this;
    this.forget();
    if (hold !== undefined) this.#giveBack(hold.id);
  }

  /** It was booked, or taken away: there is nothing to give back. */
  forget(): void {
    this.#timers.cancelAll();
    this.#hold = undefined;
    this.#stage = 'none';
  }

  /** After a sleep of the device timers come late: looks at the clock itself. */
  check(): void {
    if (this.#hold !== undefined) this.#schedule();
  }

  async #ask(wish: number, startsAt: string): Promise<void> {
    if (wish !== this.#wish) return;
    const askedMs = this.#now();
    const { hold } = await this.#askFor(startsAt);
    if (wish !== this.#wish) {
      // Meanwhile the person left, or chose another one.
      this.#giveBack(hold.id);
      return;
    }
    this.#keep(hold, this.#endOf(hold) ?? askedMs + HOLD_MINUTES * MINUTE_MS);
  }

  /** The end of a hold that was known before and lasts longer now, by this device's clock, which may be wrong. */
  #endOf({ id, expiresAt }: Hold): number | undefined {
    if (this.#hold?.id !== id) return undefined;
    return this.#endsMs + Date.parse(expiresAt) - Date.parse(this.#hold.expiresAt);
  }

  #keep(hold: Hold, endsMs: number): void {
    this.#hold = hold;
    this.#endsMs = endsMs;
    this.#schedule();
  }

  #schedule(): void {
    const leftMs = this.#endsMs - this.#now();
    this.#timers.cancelAll();
    if (leftMs <= 0) {
      this.#end();
      return;
    }
    this.#stage = leftMs <= WARNING_MS ? 'ending' : 'kept';
    if (leftMs > WARNING_MS) this.#timers.start('warn', leftMs - WARNING_MS, () => (this.#stage = 'ending'));
    this.#timers.start('end', leftMs, () => this.#end());
  }

  #end(): void {
    this.forget();
    this.#stage = 'ended';
  }

  #giveBack(holdId: string): void {
    this.#call(holdEndpoints.release, { params: { holdId } }, { keepalive: true }).catch(() => {
      // Its time runs out by itself.
    });
  }
}
