import type { Appointment } from '@health-connect/contract';
import { flushSync } from 'svelte';
import { watchDoors } from '../door-watch.svelte.ts';

/** A watch as a component keeps it, for tests. */
export class WatchedDoors {
  #list = $state.raw<readonly Appointment[]>([]);
  looks = 0;
  readonly stop: () => void;

  private constructor(list: readonly Appointment[]) {
    this.#list = list;
    this.stop = $effect.root(() =>
      watchDoors(
        () => this.#list,
        () => (this.looks += 1),
      ),
    );
    flushSync();
  }

  static of(list: readonly Appointment[]): WatchedDoors {
    return new WatchedDoors(list);
  }

  /** What the server tells now. */
  show(list: readonly Appointment[]): void {
    this.#list = list;
    flushSync();
  }
}
