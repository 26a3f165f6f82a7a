/** What one page has received since its call began; `longestGapMs` since it was read before. */
export interface Totals {
  readonly longestGapMs: number;
  readonly frames: number;
  readonly freezes: number;
  readonly packets: number;
  readonly lost: number;
  readonly samples: number;
  readonly concealed: number;
}

/** What was received in one window, or in several. */
export interface Received {
  /** Longest time between two frames of one picture, by when they came in. */
  readonly longestGapMs: number;
  readonly frames: number;
  /** Freezes as browsers count them: three frames' time and 150 ms longer than usual. */
  readonly freezes: number;
  readonly packets: number;
  readonly lost: number;
  /** Share of the sound that had to be made up, 0 to 1. */
  readonly concealedShare: number;
}

/** What several pages have received between two readings. */
export function addUp(before: readonly Totals[], after: readonly Totals[]): Received {
  const sum = (field: keyof Totals): number =>
    after.reduce((total, totals, page) => total + totals[field] - (before[page]?.[field] ?? 0), 0);
  return {
    longestGapMs: Math.max(...after.map(({ longestGapMs }) => longestGapMs)),
    frames: sum('frames'),
    freezes: sum('freezes'),
    packets: sum('packets'),
    lost: sum('lost'),
    concealedShare: sum('concealed') / Math.max(1, sum('samples')),
  };
}
