/** Ends a subscription; calling it again changes nothing. */
export type Unsubscribe = () => void;

/** Typed events of one owner. Children emit to their owner and never import it. */
export class Emitter<Events extends Record<string, unknown>> {
  readonly #listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  on<N extends keyof Events>(name: N, listener: (payload: Events[N]) => void): Unsubscribe {
    const listeners = this.#listeners.get(name) ?? new Set();
    this.#listeners.set(name, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  emit<N extends keyof Events>(name: N, payload: Events[N]): void {
    // The set holds only listeners that `on` took for this name.
    for (const listener of [...(this.#listeners.get(name) ?? [])]) (listener as (payload: Events[N]) => void)(payload);
  }

  /** Drops every listener: the last act of an owner that closes. */
  clear(): void {
    this.#listeners.clear();
  }
}
