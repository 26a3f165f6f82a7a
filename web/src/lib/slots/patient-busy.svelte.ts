import { bookingEndpoints, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { tick, untrack } from 'svelte';
import type { ApiCall } from '../api/client.ts';
import { BOARD_DAYS, type SlotBoard } from './slot-board.svelte.ts';

interface Parts {
  readonly call: ApiCall;
  readonly appointmentId: string;
  readonly board: Pick<SlotBoard, 'days' | 'from' | 'zone'>;
  /** What the time is for, as long as the doctor may choose one; `undefined` for everybody else. */
  readonly what: () => NextVisit | undefined;
}

/** When the patient of an appointment has others, for its doctor: at these times the two cannot meet. */
export class PatientBusy {
  #spans = $state.raw<readonly TimeSpan[]>([]);
  #latest = new AbortController();
  #reading = Promise.resolve();
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Follows the days that are shown, as long as the component lives; to be called while the component is set up. */
  static use(parts: Parts): PatientBusy {
    const busy = new PatientBusy(parts);
    $effect(() => {
      const what = parts.what();
      // With each reading of the doctor's time, the patient's is read too: it changes as well.
      if (what === undefined || parts.board.days === undefined) return;
      busy.#reading = untrack(() => busy.#load(what));
    });
    $effect(() => () => busy.#latest.abort());
    return busy;
  }

  /** None until there was an answer. */
  get spans(): readonly TimeSpan[] {
    return this.#spans;
  }

  /** Resolves once those of the shown days are known, or could not be read. Never throws. */
  async settled(): Promise<void> {
    // They are asked for as soon as the days are shown.
    await tick();
    // Another reading may have begun meanwhile.
    let reading: Promise<void>;
    do {
      reading = this.#reading;
      await reading;
    } while (reading !== this.#reading);
  }

  /**
   * Those of the seven days from a date on, which are known then, should these be shown next. Never throws: without an
   * answer they are those that are known.
   */
  async from(date: string): Promise<readonly TimeSpan[]> {
    const what = this.#parts.what();
    if (what === undefined) return [];
    try {
      const spans = await this.#read(what, date);
      this.#spans = [...this.#spans, ...spans];
      return spans;
    } catch {
      return this.#spans;
    }
  }

  /** Never throws: without an answer the server still refuses what clashes. */
  async #load(what: NextVisit): Promise<void> {
    this.#latest.abort();
    const { signal } = (this.#latest = new AbortController());
    try {
      const spans = await this.#read(what, this.#parts.board.from, signal);
      if (!signal.aborted) this.#spans = spans;
    } catch {
      // What was read last stays.
    }
  }

  async #read(what: NextVisit, from: string, signal?: AbortSignal): Promise<readonly TimeSpan[]> {
    const { call, appointmentId, board } = this.#parts;
    const query = { for: what, from, days: BOARD_DAYS, timeZone: board.zone };
    const input = { params: { appointmentId }, query };
    return (await call(bookingEndpoints.patientBusy, input, signal === undefined ? {} : { signal })).busy;
  }
}
