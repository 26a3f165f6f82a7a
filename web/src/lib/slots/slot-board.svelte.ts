import { doctorEndpoints, type SlotDay } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import { addDays, dateIn, daysBetween } from '../i18n/calendar-date.ts';
import { serverClock } from '../server-clock.ts';
import { SlotSocket, type SlotChange } from '../realtime/slot-socket.ts';

/** Days that are shown at once. */
export const BOARD_DAYS = 7;

interface BoardOptions {
  readonly call: ApiCall;
  readonly doctorId: string;
  /** The viewer's zone: its calendar makes the days. */
  readonly zone: string;
  /** An instant that has to be on the board at its start. */
  readonly startAt?: Date | undefined;
  readonly now?: () => number;
}

/** A doctor's slots of seven days, as the viewer's calendar has them, kept up to date. */
export class SlotBoard {
  readonly zone: string;
  readonly doctorId: string;
  readonly #call: ApiCall;
  readonly #now: () => number;
  #from = $state('');
  #days = $state.raw<readonly SlotDay[] | undefined>();
  #firstFreeDate = $state.raw<string | null | undefined>();
  #problem = $state.raw<Problem | undefined>();
  #request: AbortController | undefined;
  /** Counts the times that somebody wanted the days read. */
  #wanted = 0;

  private constructor({ call, doctorId, zone, startAt, now = serverClock.now }: BoardOptions) {
    this.#call = call;
    this.zone = zone;
    this.doctorId = doctorId;
    this.#now = now;
    this.#from = this.#windowOf(startAt === undefined ? this.today : dateIn(zone, startAt));
  }

  static create(options: BoardOptions): SlotBoard {
    return new SlotBoard(options);
  }

  /** The viewer's day, which may have changed since the page was opened. */
  get today(): string {
    return dateIn(this.zone, this.#now());
  }

  /** The first day that is shown. */
  get from(): string {
    return this.#from;
  }

  /** `undefined` until they are there. */
  get days(): readonly SlotDay[] | undefined {
    return this.#days;
  }

  /** First day with a free slot from the first shown one on; `null` when there is none, `undefined` while unknown. */
  get firstFreeDate(): string | null | undefined {
    return this.#firstFreeDate;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get isFirstWeek(): boolean {
    return this.#from <= this.today;
  }

  /** Reads the first days; where they hold no free time, those with the first one. Never throws. */
  async open(jump: boolean): Promise<void> {
    await this.#read();
    const first = this.#firstFreeDate;
    const isFurther = typeof first === 'string' && first >= addDays(this.#from, BOARD_DAYS);
    if (jump && isFurther) await this.show(first);
  }

  /** Shows the seven days of which a date is one. Never throws. */
  show(date: string): Promise<void> {
    const isShown = this.#from >= this.today && date >= this.#from && date < addDays(this.#from, BOARD_DAYS);
    return this.#showFrom(isShown ? this.#from : this.#windowOf(date));
  }

  /** Goes on, or back, by whole weeks from the days that are shown. Never throws. */
  move(weeks: number): Promise<void> {
    const from = addDays(this.#from, weeks * BOARD_DAYS);
    return this.#showFrom(from < this.today ? this.today : from);
  }

  /**
   * After midnight the first week begins a day later. What is shown stays until the new days are there. Never throws.
   */
  async catchUp(): Promise<void> {
    const { today } = this;
    if (this.#from >= today) return;
    this.#from = today;
    await this.refresh();
  }

  /** Reads the shown days again; while an answer is under way, once more after it. Never throws. */
  async refresh(): Promise<void> {
    this.#wanted += 1;
    if (this.#request === undefined) await this.#read();
  }

  /** Keeps it up to date until the answer is called. */
  follow(): () => void {
    const socket = SlotSocket.connect();
    const stop = socket.watch(this.doctorId, (change) => this.changed(change));
    return () => {
      stop();
      socket.close();
      this.#request?.abort();
    };
  }

  /** Something in the doctor's time changed: what is shown is read again if it is touched. */
  changed({ from, to }: SlotChange): void {
    const [first, last] = [this.#from, addDays(this.#from, BOARD_DAYS)];
    const touches =
      from === null ||
      to === null ||
      (dateIn(this.zone, Date.parse(from)) < last && dateIn(this.zone, Date.parse(to)) >= first);
    // A change further on can still move the first free day.
    if (touches || this.#firstFreeDate === null || (this.#firstFreeDate ?? '') >= last) void this.refresh();
  }

  async #showFrom(from: string): Promise<void> {
    if (from !== this.#from) {
      this.#from = from;
      this.#days = undefined;
      this.#firstFreeDate = undefined;
    }
    await this.#read();
  }

  #windowOf(date: string): string {
    const weeks = Math.max(0, Math.floor(daysBetween(this.today, date) / BOARD_DAYS));
    return addDays(this.today, weeks * BOARD_DAYS);
  }

  async #read(): Promise<void> {
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    const wanted = this.#wanted;
    try {
      const input = {
        params: { doctorId: this.doctorId },
        query: { from: this.#from, days: BOARD_DAYS, timeZone: this.zone },
      };
      const { days, firstFreeDate } = await this.#call(doctorEndpoints.slots, input, { signal: request.signal });
      if (request.signal.aborted) return;
      this.#days = days;
      this.#firstFreeDate = firstFreeDate;
      this.#problem = undefined;
    } catch (error) {
      if (request.signal.aborted) return;
      this.#problem = problemOf(error);
    }
    this.#request = undefined;
    if (this.#wanted !== wanted) await this.#read();
  }
}
