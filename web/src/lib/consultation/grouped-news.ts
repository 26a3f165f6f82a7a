/** Joins and leaves are told at most once per this time: a group that enters together is one sentence. */
export const NEWS_INTERVAL_MS = 10_000;

type Kind = 'joined' | 'left';

/** Groups news about people. The first is told at once, what follows shortly after it together. */
export class GroupedNews {
  readonly #tell: (kind: Kind, names: readonly string[]) => void;
  readonly #waiting: Record<Kind, string[]> = { joined: [], left: [] };
  #timer: ReturnType<typeof setTimeout> | undefined;

  private constructor(tell: (kind: Kind, names: readonly string[]) => void) {
    this.#tell = tell;
  }

  static create(tell: (kind: Kind, names: readonly string[]) => void): GroupedNews {
    return new GroupedNews(tell);
  }

  add(kind: Kind, name: string): void {
    this.#waiting[kind].push(name);
    if (this.#timer === undefined) this.#flush();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #flush(): void {
    this.#timer = undefined;
    const kinds = (['joined', 'left'] as const).filter((kind) => this.#waiting[kind].length > 0);
    for (const kind of kinds) this.#tell(kind, this.#waiting[kind].splice(0));
    if (kinds.length > 0) this.#timer = setTimeout(() => this.#flush(), NEWS_INTERVAL_MS);
  }
}
