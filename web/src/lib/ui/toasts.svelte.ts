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

  show(text: string): void {
    const toast = { id: (this.#lastId += 1), text };
    for (const old of this.#items.slice(0, Math.max(0, this.#items.length - MAX_SHOWN + 1))) this.dismiss(old.id);
    this.#items = [...this.#items, toast];
    this.release(toast.id);
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
