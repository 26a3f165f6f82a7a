/** Most ids that are remembered at once; one entry is about 100 bytes. */
const DEFAULT_CAPACITY = 100_000;

/** Ids of tokens that were used, each kept until its token has expired. Bounded: when full, new ones are refused. */
export class UsedIds {
  readonly #expiresAt = new Map<string, number>();
  readonly #capacity: number;

  constructor(capacity = DEFAULT_CAPACITY) {
    this.#capacity = capacity;
  }

  get size(): number {
    return this.#expiresAt.size;
  }

  /** Marks an id as used. False when it was used before, or when there is no room to remember it (fail closed). */
  use(id: string, expiresAtSeconds: number, nowSeconds: number): boolean {
    if (this.#expiresAt.has(id)) return false;
    if (this.#expiresAt.size >= this.#capacity) this.#forgetExpired(nowSeconds);
    if (this.#expiresAt.size >= this.#capacity) return false;
    this.#expiresAt.set(id, expiresAtSeconds);
    return true;
  }

  #forgetExpired(nowSeconds: number): void {
    for (const [id, expiresAt] of this.#expiresAt) {
      if (expiresAt < nowSeconds) this.#expiresAt.delete(id);
    }
  }
}
