import { bookingEndpoints, type NextVisit, type TimeSpan } from '@health-connect/contract';
import { untrack } from 'svelte';
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
      untrack(() => void busy.#load(what));
    });
    $effect(() => () => busy.#latest.abort());
    return busy;
  }

  /** None until there was an answer. */
  get spans(): readonly TimeSpan[] {
    return this.#spans;
  }

  /** Never throws: without an answer the server still refuses what clashes. */
  async #load(what: NextVisit): Promise<void> {
    const { call, appointmentId, board } = this.#parts;
    this.#latest.abort();
    const { signal } = (this.#latest = new AbortController());
    const query = { for: what, from: board.from, days: BOARD_DAYS, timeZone: board.zone };
    try {
      const { busy } = await call(bookingEndpoints.patientBusy, { params: { appointmentId }, query }, { signal });
      if (!signal.aborted) this.#spans = busy;
    } catch {
      // What was read last stays.
    }
  }
}
