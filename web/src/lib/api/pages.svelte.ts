import { problemOf, type Problem } from './problem.ts';

/** One page of a long list; `next` is where the page after it begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
}

/** Entries that lists hold. */
export interface Identified {
  readonly id: string;
}

/**
 * A list that is read page by page. An entry that moved in the order between two pages comes with both: it is shown once,
 * where it was, as it is now.
 */
export class Pages<T extends Identified> {
  #items = $state.raw<readonly T[] | undefined>();
  #next = $state.raw<string | null>(null);
  #problem = $state.raw<Problem | undefined>();
  /** Where the page begins that could not be read. */
  #failed = $state.raw<string | undefined>();
  #busy = $state(false);
  readonly #read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>;
  #latest: AbortController | undefined;

  private constructor(read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
    this.#read = read;
  }

  static create<T extends Identified>(
    read: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>,
  ): Pages<T> {
    return new Pages(read);
  }

  get items(): readonly T[] | undefined {
    return this.#items;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  get hasMore(): boolean {
    return this.#next !== null;
  }

  /** Where the next page begins, `null` at the end. */
  get next(): string | null {
    return this.#next;
  }

  get busy(): boolean {
    return this.#busy;
  }

  /** Reads from the start (again); an older answer that comes late is dropped. Never throws. */
  load(): Promise<void> {
    return this.#fetch(undefined);
  }

  /** Reads the next page, if there is one. Never throws. */
  async more(): Promise<void> {
    if (this.#next !== null && !this.#busy) await this.#fetch(this.#next);
  }

  /** Reads once more what could not be read: the next page, else the list from its start. Never throws. */
  retry(): Promise<void> {
    return this.#failed === undefined || this.#items === undefined ? this.load() : this.#fetch(this.#failed);
  }

  /** Whether it is the next page that could not be read: what was read before it still holds. */
  get isMoreMissing(): boolean {
    return this.#problem !== undefined && this.#failed !== undefined;
  }

  /** Puts a list that was read before; what is being read is given up. */
  put({ items, next }: Page<T>): void {
    this.#latest?.abort();
    this.#items = onceEach(items);
    this.#next = next;
    this.#problem = undefined;
    this.#busy = false;
  }

  /** Puts a changed entry in the place of the old one. */
  replace(isOld: (item: T) => boolean, item: T): void {
    this.#items = this.#items?.map((old) => (isOld(old) ? item : old));
  }

  /** Puts a new entry first, unless it is there already. A list that was not read yet stays so. */
  prepend(isSame: (item: T) => boolean, item: T): void {
    if (this.#items?.some(isSame) === false) this.#items = [item, ...this.#items];
  }

  /** Changes what was read so far. */
  change(changed: (items: readonly T[]) => readonly T[]): void {
    if (this.#items !== undefined) this.#items = changed(this.#items);
  }

  close(): void {
    this.#latest?.abort();
  }

  async #fetch(cursor: string | undefined): Promise<void> {
    this.#latest?.abort();
    const request = (this.#latest = new AbortController());
    this.#busy = true;
    try {
      const { items, next } = await this.#read(cursor, request.signal);
      if (request.signal.aborted) return;
      this.#items = onceEach(cursor === undefined ? items : [...(this.#items ?? []), ...items]);
      this.#next = next;
      this.#problem = undefined;
    } catch (error) {
      if (request.signal.aborted) return;
      this.#problem = problemOf(error);
      this.#failed = cursor;
    }
    this.#busy = false;
  }
}

/** Each entry once: the first place, the last word. */
function onceEach<T extends Identified>(items: readonly T[]): readonly T[] {
  return [...new Map(items.map((item) => [item.id, item])).values()];
}
