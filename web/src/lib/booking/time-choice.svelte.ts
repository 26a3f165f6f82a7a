import type { OfferedSlot, Slot } from '@health-connect/contract';
import { tick, untrack } from 'svelte';
import { problemOf } from '../api/problem.ts';
import { dateIn } from '../i18n/calendar-date.ts';
import type { SlotBoard } from '../slots/slot-board.svelte.ts';
import type { BookingFlow } from './booking-flow.svelte.ts';
import { keptUntil } from './kept-until.ts';

/** As many as the server offers. */
const MOST_OFFERS = 3;

interface Parts {
  readonly flow: Pick<
    BookingFlow<never>,
    'chosen' | 'choose' | 'clear' | 'isKept' | 'keeper' | 'loseTaken' | 'loseUnknown' | 'refusal'
  >;
  readonly board: SlotBoard;
  /** Whose times they are, where they may be offered in the place of one that is taken. */
  readonly doctor?: Pick<OfferedSlot, 'doctorName' | 'timeZone'>;
  /** The time in the address. It is still there after signing in, and after a reload. */
  readonly time: () => string | undefined;
  /** Whether it can be kept. */
  readonly keep: () => boolean;
  /** Changes the address. */
  readonly toTime: (startsAt: string | undefined) => void;
  /** Deals with what is not about the time, if it can. */
  readonly onerror?: (error: unknown) => boolean;
}

/** The days could not be read, so that nobody knows the chosen slot. */
export class TimesUnreadError extends Error {}

/** The time that is chosen in the address, on a board, and kept for the person. */
export class TimeChoice {
  readonly #parts: Parts;
  #seen = $state.raw<Slot | undefined>();
  #problem = $state.raw<string | undefined>();

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Follows the address as long as the component lives; to be called while the component is set up. */
  static use(parts: Parts): TimeChoice {
    const choice = new TimeChoice(parts);
    const { flow, board, time, keep } = parts;
    $effect(() => {
      const [wanted, canKeep] = [time(), keep()];
      untrack(() => {
        if (wanted === undefined) flow.clear();
        else void choice.#choose(wanted, canKeep);
      });
    });
    // The slot is known once its week is there; an address may also hold a time that is none.
    $effect(() => {
      const { chosen } = flow;
      if (board.days === undefined || chosen === undefined) return;
      const known = board.days.flatMap(({ slots }) => slots).find(({ startsAt }) => startsAt === chosen);
      if (known !== undefined) choice.#seen = known;
      const isShown = board.days.some(({ date }) => date === dateIn(board.zone, Date.parse(chosen)));
      if (isShown && known === undefined) untrack(() => flow.loseUnknown());
      // The server tells those for whom times are kept; a visitor learns it from the days.
      if (known?.state === 'taken' && !untrack(keep)) untrack(() => flow.loseTaken(choice.#nearestFree(chosen)));
    });
    // The time is gone: the address forgets it, and the board shows what is free now.
    $effect(() => {
      if (flow.refusal?.timeIsGone !== true || untrack(time) === undefined) return;
      untrack(() => {
        void board.refresh();
        parts.toTime(undefined);
      });
    });
    return choice;
  }

  /** The chosen slot, as soon as it is known. */
  get slot(): Slot | undefined {
    return this.#seen?.startsAt === this.#parts.flow.chosen ? this.#seen : undefined;
  }

  /**
   * The chosen slot, read again where the days could not be read. Throws `TimesUnreadError` when they still cannot;
   * `undefined` when there is no such time (any more), which the flow tells of.
   */
  readonly find = async (): Promise<Slot | undefined> => {
    const { board, flow } = this.#parts;
    const isChosen = (): boolean => flow.chosen !== undefined;
    const known = this.slot;
    if (known !== undefined || !isChosen()) return known;
    await board.refresh();
    // What follows from the days is known only then.
    await tick();
    const found = this.slot;
    if (found === undefined && isChosen()) throw new TimesUnreadError();
    return found;
  };

  /** Something that is not about the time went wrong while it was chosen. */
  get problem(): string | undefined {
    return this.#problem;
  }

  /** Until when it is kept, written as a clock time; `undefined` when it is not. */
  get keptUntil(): string | undefined {
    const { isKept, keeper } = this.#parts.flow;
    return isKept ? keptUntil(keeper) : undefined;
  }

  /** Chooses a time; the same one again has it kept once more. */
  pick(startsAt: string): void {
    const { board, time, keep, toTime } = this.#parts;
    void board.show(dateIn(board.zone, Date.parse(startsAt)));
    if (startsAt === time()) void this.#choose(startsAt, keep());
    else toTime(startsAt);
  }

  /** The first free times of the shown days that are not before a time. */
  #nearestFree(startsAt: string): OfferedSlot[] {
    const { board, doctor } = this.#parts;
    if (doctor === undefined) return [];
    return (board.days ?? [])
      .flatMap(({ slots }) => slots)
      .filter((slot) => slot.state === 'free' && slot.startsAt > startsAt)
      .slice(0, MOST_OFFERS)
      .map((slot) => ({ doctorId: board.doctorId, ...doctor, slot }));
  }

  async #choose(startsAt: string, keep: boolean): Promise<void> {
    const { flow, onerror } = this.#parts;
    this.#problem = undefined;
    try {
      await flow.choose(startsAt, keep);
    } catch (error) {
      if (onerror?.(error) !== true) this.#problem = problemOf(error).text;
    }
  }
}
