import { problemOf, type Problem } from './problem.ts';

/** Something that a page reads from the server: its value, or why it is not there. The last value stays readable. */
export class Resource<T> {
  #value = $state.raw<T | undefined>();
  #problem = $state.raw<Problem | undefined>();
  readonly #read: (signal: AbortSignal) => Promise<T>;
  readonly #isExpected: (error: unknown) => boolean;
  #latest: AbortController | undefined;

  private constructor(read: (signal: AbortSignal) => Promise<T>, isExpected: (error: unknown) => boolean) {
    this.#read = read;
    this.#isExpected = isExpected;
  }

  /**
   * @param read asks the server; it is asked with `load()` only
   * @param isExpected true for a refusal that the page itself tells about: it is no problem then
   */
  static create<T>(
    read: (signal: AbortSignal) => Promise<T>,
    isExpected: (error: unknown) => boolean = () => false,
  ): Resource<T> {
    return new Resource(read, isExpected);
  }

  get value(): T | undefined {
    return this.#value;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** Puts a value that an answer to something else has brought. */
  set(value: T): void {
    this.#latest?.abort();
    this.#value = value;
    this.#problem = undefined;
  }

  /** Reads it (again); an older answer that comes late is dropped. Never throws. */
  async load(): Promise<void> {
    this.#latest?.abort();
    const request = (this.#latest = new AbortController());
    try {
      const value = await this.#read(request.signal);
      if (!request.signal.aborted) this.set(value);
    } catch (error) {
      if (!request.signal.aborted && !this.#isExpected(error)) this.#problem = problemOf(error);
    }
  }

  close(): void {
    this.#latest?.abort();
  }
}
