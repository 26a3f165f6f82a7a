interface Waiting {
  readonly name: string;
  readonly act: () => unknown;
}

/** The part of the Web Locks API that we use, for one browser with several tabs. Exclusive locks, first come first served. */
export class FakeLocks {
  readonly #held = new Set<string>();
  #waiting: Waiting[] = [];

  request(name: string, { signal }: { signal: AbortSignal }, act: () => unknown): Promise<void> {
    const waiting = { name, act };
    this.#waiting.push(waiting);
    this.#grant();
    return new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => {
        this.#waiting = this.#waiting.filter((each) => each !== waiting);
        reject(new DOMException('Aborted', 'AbortError'));
      });
    });
  }

  query(): Promise<{ held: { name: string }[] }> {
    return Promise.resolve({ held: [...this.#held].map((name) => ({ name })) });
  }

  /** As the interface that the code under test takes. */
  asLockManager(): LockManager {
    return this as unknown as LockManager;
  }

  #grant(): void {
    const next = this.#waiting.find(({ name }) => !this.#held.has(name));
    if (next === undefined) return;
    this.#waiting = this.#waiting.filter((each) => each !== next);
    this.#held.add(next.name);
    void Promise.resolve(next.act()).then(() => {
      this.#held.delete(next.name);
      this.#grant();
    });
  }
}
