interface Slot {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

interface Taken {
  readonly from: Date;
  readonly to: Date;
}

/**
 * Each slot with the taken time that lies in it. Both are in order and the taken time does not overlap, so each list is
 * gone through once: a doctor who is booked out for months is asked about as often as any other.
 */
export function* withTaken<S extends Slot, T extends Taken>(
  slots: readonly S[],
  taken: readonly T[],
): Generator<{ readonly slot: S; readonly taken: readonly T[] }> {
  let first = 0;
  for (const slot of slots) {
    while (endsBefore(taken[first], slot)) first += 1;
    let end = first;
    while (beginsIn(taken[end], slot)) end += 1;
    yield { slot, taken: taken.slice(first, end) };
  }
}

/** Slots in which nothing is taken. Both are in order, as for `withTaken`. */
export function freeOf<S extends Slot>(slots: readonly S[], taken: readonly Taken[]): S[] {
  const free: S[] = [];
  for (const { slot, taken: within } of withTaken(slots, taken)) if (within.length === 0) free.push(slot);
  return free;
}

const endsBefore = (time: Taken | undefined, slot: Slot): boolean => time !== undefined && time.to <= slot.startsAt;
const beginsIn = (time: Taken | undefined, slot: Slot): boolean => time !== undefined && time.from < slot.endsAt;
