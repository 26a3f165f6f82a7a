/** Timers by key, at most one each: starting one anew stops the old one. */
export class KeyedTimers<K> {
  readonly #timers = new Map<K, ReturnType<typeof setTimeout>>();

  static create<K>(): KeyedTimers<K> {
    return new KeyedTimers<K>();
  }

  start(key: K, delayMs: number, act: () => void): void {
    this.cancel(key);
    this.#timers.set(
      key,
      setTimeout(() => {
        this.#timers.delete(key);
        act();
      }, delayMs),
    );
  }

  cancel(key: K): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  cancelAll(): void {
    for (const key of [...this.#timers.keys()]) this.cancel(key);
  }
}
