/** Something that is written on a page and saves itself. */
export interface UnsavedWork {
  /** Saves at once what is not saved yet. True when the server has everything. Never throws. */
  flush(): Promise<boolean>;
  /** Throws away what is not saved, here and in the browser's storage. */
  discard(): void;
}

/** Who signs out is not kept waiting for longer: then they are asked. */
const PATIENCE_MS = 5_000;

/** What is written on the open page. */
export class UnsavedWorks {
  readonly #open = new Set<UnsavedWork>();

  static create(): UnsavedWorks {
    return new UnsavedWorks();
  }

  /** It is on the page until the answer is called. */
  add(work: UnsavedWork): () => void {
    this.#open.add(work);
    return () => this.#open.delete(work);
  }

  get all(): readonly UnsavedWork[] {
    return [...this.#open];
  }

  /** Saves everything at once. True when nothing would be lost; false when that takes too long, too. Never throws. */
  async flush(): Promise<boolean> {
    if (this.#open.size === 0) return true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tooLong = new Promise<false>((resolve) => (timer = setTimeout(() => resolve(false), PATIENCE_MS)));
    const saved = Promise.all(this.all.map((work) => work.flush())).then((each) => each.every(Boolean));
    const answer = await Promise.race([saved, tooLong]);
    clearTimeout(timer);
    return answer;
  }
}
