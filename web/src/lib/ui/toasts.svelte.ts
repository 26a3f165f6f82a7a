import { untrack } from 'svelte';
import { KeyedTimers } from '../keyed-timers.ts';

/** A message that goes away by itself: good news, or news from elsewhere. Never the only place of an error. */
export interface Toast {
  readonly id: number;
  readonly text: string;
}

const SHOW_MS = 8_000;
const MAX_SHOWN = 2;

/** The toasts on the screen; the oldest one makes room. */
export class Toasts {
  #items = $state.raw<readonly Toast[]>([]);
  readonly #timers = KeyedTimers.create<number>();
  #lastId = 0;

  static create(): Toasts {
    return new Toasts();
  }

  get items(): readonly Toast[] {
    return this.#items;
  }

  /** @returns its id, to take it back with `dismiss` when what it tells is over */
  show(text: string): number {
    // An effect that tells something must not run again because of it.
    const shown = untrack(() => this.#items);
    const toast = { id: (this.#lastId += 1), text };
    const staying = shown.slice(Math.max(0, shown.length - MAX_SHOWN + 1));
    for (const old of shown.filter((each) => !staying.includes(each))) this.hold(old.id);
    this.#items = [...staying, toast];
    this.release(toast.id);
    return toast.id;
  }

  /** The pointer or the focus is on it: it stays. */
  hold(id: number): void {
    this.#timers.cancel(id);
  }

  /** It may go again, after its whole time. */
  release(id: number): void {
    this.#timers.start(id, SHOW_MS, () => this.dismiss(id));
  }

  dismiss(id: number): void {
    this.hold(id);
    this.#items = this.#items.filter((toast) => toast.id !== id);
  }
}
