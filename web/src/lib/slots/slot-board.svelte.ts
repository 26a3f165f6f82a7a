import { doctorEndpoints, type AppointmentMode, type SlotDay } from '@health-connect/contract';
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
  /** The zone in which the viewer looks: its calendar makes the days. */
  readonly zone: string;
  /** An instant that has to be on the board at its start. */
  readonly startAt?: Date | undefined;
  /** The one way of meeting that will do; without it both do. */
  readonly mode?: AppointmentMode | undefined;
  /** The appointment for which another time is looked for: what it takes up is free for it. */
  readonly moves?: string | undefined;
  readonly now?: () => number;
}

/** Seven days, and the first from them on that has a free time. */
interface Week {
  readonly days: readonly SlotDay[];
  readonly firstFreeDate: string | null;
}

/** The first of some days on which the one who looks can choose a time: they may be busy where the doctor is free. */
type FindDay = (days: readonly SlotDay[]) => Promise<string | undefined>;

const withFreeTime: FindDay = (days) =>
  Promise.resolve(days.find(({ slots }) => slots.some(({ state }) => state === 'free'))?.date);

/** A doctor's slots of seven days, as the viewer's calendar has them, kept up to date. */
export class SlotBoard {
  readonly doctorId: string;
  readonly #call: ApiCall;
  readonly #now: () => number;
  readonly #moves: string | undefined;
  #zone = $state('');
  #from = $state('');
  #days = $state.raw<readonly SlotDay[] | undefined>();
  #firstFreeDate = $state.raw<string | null | undefined>();
  #problem = $state.raw<Problem | undefined>();
  #mode: AppointmentMode | undefined;
  #request: AbortController | undefined;
  /** Counts the times that somebody wanted the days read. */
  #wanted = 0;

  private constructor({ call, doctorId, zone, startAt, mode, moves, now = serverClock.now }: BoardOptions) {
    this.#call = call;
    this.#mode = mode;
    this.#moves = moves;
    this.#zone = zone;
    this.doctorId = doctorId;
    this.#now = now;
    this.#from = this.#windowOf(startAt === undefined ? this.today : dateIn(zone, startAt));
  }

  static create(options: BoardOptions): SlotBoard {
    return new SlotBoard(options);
  }

  /** The zone in which the viewer looks. */
  get zone(): string {
    return this.#zone;
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
    if (!(await this.#read())) return;
    const first = this.#firstFreeDate;
    const isFurther = typeof first === 'string' && first >= addDays(this.#from, BOARD_DAYS);
    if (jump && isFurther) await this.show(first);
  }

  /**
   * Goes to the first day from a date on, of all without one, on which a time can be chosen. What is shown stays until
   * that day is known. Never throws.
   * @param find the day of a week on which there is something to choose
   * @returns that day, `null` when there is none, `undefined` when it could not be read or somebody wanted another one
   */
  async showFirstFree(find: FindDay = withFreeTime, from = this.today): Promise<string | null | undefined> {
    const wanted = this.#wanted;
    const request = this.#begin();
    const found = await this.#search(find, this.#windowOf(from), request.signal);
    if (request.signal.aborted) return undefined;
    this.#request = undefined;
    const isNew = found !== undefined && found !== null && !this.#shows(found.date);
    if (isNew) this.#take(found.from, found.week);
    // What is shown may be older than what was found, and what was found than a change meanwhile.
    const isOld = (found !== undefined && !isNew) || this.#wanted !== wanted;
    if (isOld && !(await this.#read())) return undefined;
    return found === null ? null : found?.date;
  }

  /** Looks for free times of one way of meeting from now on; without one, of both. Never throws. */
  async meetBy(mode: AppointmentMode | undefined): Promise<void> {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.#firstFreeDate = undefined;
    await this.refresh();
  }

  /** Shows the seven days of which a date is one. Never throws. */
  show(date: string): Promise<void> {
    return this.#showFrom(this.#shows(date) ? this.#from : this.#windowOf(date));
  }

  /**
   * Shows another zone's calendar, with the days around what is looked at. Never throws.
   * @param at an instant that has to be on the board afterwards
   */
  async changeZone(zone: string, at: Date): Promise<void> {
    if (zone === this.#zone) return;
    this.#zone = zone;
    // Days of another calendar: nobody may take one for the other.
    this.#days = undefined;
    this.#firstFreeDate = undefined;
    this.#from = this.#windowOf(dateIn(zone, at));
    await this.#read();
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

  #shows(date: string): boolean {
    return this.#from >= this.today && date >= this.#from && date < addDays(this.#from, BOARD_DAYS);
  }

  #windowOf(date: string): string {
    const weeks = Math.max(0, Math.floor(daysBetween(this.today, date) / BOARD_DAYS));
    return addDays(this.today, weeks * BOARD_DAYS);
  }

  #take(from: string, { days, firstFreeDate }: Week): void {
    this.#from = from;
    this.#days = days;
    this.#firstFreeDate = firstFreeDate;
  }

  /** @returns the first week with such a day; `null` where none has one, `undefined` where nobody knows */
  async #search(
    find: FindDay,
    start: string,
    signal: AbortSignal,
  ): Promise<{ date: string; from: string; week: Week } | null | undefined> {
    let from = start;
    while (!signal.aborted) {
      const week = await this.#ask(from, signal);
      if (week === undefined) return undefined;
      const date = await find(week.days);
      if (date !== undefined) return { date, from, week };
      const { firstFreeDate } = week;
      if (firstFreeDate === null) return null;
      const next = addDays(from, BOARD_DAYS);
      from = firstFreeDate < next ? next : this.#windowOf(firstFreeDate);
    }
    return undefined;
  }

  /** Reads the days that are shown. Answers whether they were: it may have failed, or somebody wanted other ones. */
  async #read(): Promise<boolean> {
    const [wanted, from] = [this.#wanted, this.#from];
    const request = this.#begin();
    const week = await this.#ask(from, request.signal);
    if (request.signal.aborted) return false;
    if (week !== undefined) this.#take(from, week);
    this.#request = undefined;
    return this.#wanted === wanted ? week !== undefined : this.#read();
  }

  /** Whatever is under way is not wanted any more. */
  #begin(): AbortController {
    this.#request?.abort();
    return (this.#request = new AbortController());
  }

  /** `undefined` where it could not be read, which is told as the problem, or is not wanted any more. */
  async #ask(from: string, signal: AbortSignal): Promise<Week | undefined> {
    const query = {
      from,
      days: BOARD_DAYS,
      timeZone: this.zone,
      ...(this.#mode === undefined ? {} : { mode: this.#mode }),
      ...(this.#moves === undefined ? {} : { moves: this.#moves }),
    };
    try {
      const input = { params: { doctorId: this.doctorId }, query };
      const week = await this.#call(doctorEndpoints.slots, input, { signal });
      if (!signal.aborted) this.#problem = undefined;
      return week;
    } catch (error) {
      if (!signal.aborted) this.#problem = problemOf(error);
      return undefined;
    }
  }
}
