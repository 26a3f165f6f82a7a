/**
 * Keeps a value in the browser's storage, if it can: storage may be full or blocked, and a choice holds for this page
 * all the same.
 */
export function keepIfPossible(storage: Pick<Storage, 'setItem'>, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // Only the next visit misses it.
  }
}

/**
 * The browser's storage, and the memory of this page for what it does not take: it may be full, switched off, or throw
 * at any touch (private windows, blocked cookies). Never throws.
 */
export class PageStorage {
  readonly #storage: () => Storage;
  readonly #memory = new Map<string, string>();

  private constructor(storage: () => Storage) {
    this.#storage = storage;
  }

  /** @param storage asked each time: looking at it may throw already */
  static of(storage: () => Storage): PageStorage {
    return new PageStorage(storage);
  }

  /** Whether something of this page would be lost when it is loaded again: it was refused, or storage is none. */
  get isForgetful(): boolean {
    return this.#memory.size > 0 || this.#try((storage) => storage instanceof Storage) !== true;
  }

  getItem(key: string): string | null {
    return this.#memory.get(key) ?? this.#try((storage) => storage.getItem(key)) ?? null;
  }

  setItem(key: string, value: string): void {
    const stored = this.#try((storage) => {
      storage.setItem(key, value);
      return true;
    });
    if (stored === true) this.#memory.delete(key);
    else this.#memory.set(key, value);
  }

  removeItem(key: string): void {
    this.#memory.delete(key);
    this.#try((storage) => storage.removeItem(key));
  }

  keys(): string[] {
    const stored = this.#try((storage) =>
      Array.from({ length: storage.length }, (_unused, index) => storage.key(index) ?? ''),
    );
    return [...new Set([...this.#memory.keys(), ...(stored ?? [])])];
  }

  #try<T>(work: (storage: Storage) => T): T | undefined {
    try {
      return work(this.#storage());
    } catch {
      return undefined;
    }
  }
}

/** Storage of this tab. */
export const tabStorage = PageStorage.of(() => sessionStorage);
/** Storage of this browser, for all its tabs and its next visits. */
export const browserStorage = PageStorage.of(() => localStorage);
