import { canChoose, type ShownDay, type ShownSlot } from './slot-view.ts';

/** Keys that move within the times on the screen. */
const KEYS = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home', 'End'] as const;
type Key = (typeof KEYS)[number];
const isKey = (key: string): key is Key => KEYS.some((each) => each === key);

/**
 * The slot to which a key leads from the one with the focus: up and down within the day, left and right to the nearest
 * time of the next day that has one, Home and End to the day's first and last free one.
 * @param rtl where lines run from right to left, left leads on
 * @returns the start of the slot, `undefined` when the key leads nowhere
 */
export function slotAfterKey(
  days: readonly ShownDay[],
  startsAt: string,
  key: string,
  rtl: boolean,
): string | undefined {
  if (!isKey(key)) return undefined;
  const dayIndex = days.findIndex(({ slots }) => slots.some(({ slot }) => slot.startsAt === startsAt));
  const slots = days[dayIndex]?.slots ?? [];
  const index = slots.findIndex(({ slot }) => slot.startsAt === startsAt);
  const current = slots[index];
  if (current === undefined) return undefined;
  const target = targetOf({ days, dayIndex, slots, index, current }, key, rtl);
  return target?.slot.startsAt;
}

interface Place {
  readonly days: readonly ShownDay[];
  readonly dayIndex: number;
  readonly slots: readonly ShownSlot[];
  readonly index: number;
  readonly current: ShownSlot;
}

function targetOf(place: Place, key: Key, rtl: boolean): ShownSlot | undefined {
  const { days, dayIndex, slots, index, current } = place;
  const onwards = rtl ? 'ArrowLeft' : 'ArrowRight';
  switch (key) {
    case 'ArrowDown':
      return slots[index + 1];
    case 'ArrowUp':
      return slots[index - 1];
    case 'Home':
      return slots.find(({ state }) => canChoose(state)) ?? slots[0];
    case 'End':
      return slots.findLast(({ state }) => canChoose(state)) ?? slots.at(-1);
    case 'ArrowLeft':
    case 'ArrowRight': {
      const step = key === onwards ? 1 : -1;
      // Where one day is shown, both directions go through its times.
      if (days.length === 1) return slots[index + step];
      const others = step === 1 ? days.slice(dayIndex + 1) : days.slice(0, dayIndex).reverse();
      return nearest(others.find((day) => day.slots.length > 0)?.slots ?? [], current.minute);
    }
  }
}

function nearest(slots: readonly ShownSlot[], minute: number): ShownSlot | undefined {
  return slots.reduce<ShownSlot | undefined>((best, slot) => {
    if (best === undefined) return slot;
    return Math.abs(slot.minute - minute) < Math.abs(best.minute - minute) ? slot : best;
  }, undefined);
}

/**
 * The one slot that Tab leads to: the chosen one, else the one that had the focus last, else the first free one.
 * @returns its start, `undefined` when there is no slot
 */
export function tabStop(days: readonly ShownDay[], wanted: readonly (string | undefined)[]): string | undefined {
  const all = days.flatMap(({ slots }) => slots);
  const known = wanted.find((startsAt) => all.some(({ slot }) => slot.startsAt === startsAt));
  if (known !== undefined) return known;
  return (all.find(({ state }) => canChoose(state)) ?? all[0])?.slot.startsAt;
}

/** Puts the focus on a slot within something, if it is shown there. */
export function focusSlot(within: HTMLElement | undefined, startsAt: string | undefined): void {
  if (startsAt !== undefined) within?.querySelector<HTMLElement>(`[data-slot="${startsAt}"]`)?.focus();
}
