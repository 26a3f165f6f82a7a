import type { AppointmentMode, Slot, SlotDay } from '@health-connect/contract';
import type { Span } from './own-times.svelte.ts';

/** What a slot looks like to the one who looks: the server's states, and what the person does with them here. */
export type ShownState = 'free' | 'chosen' | 'held' | 'taken' | 'soon' | 'past' | 'busy' | 'other-mode';

export interface SlotContext {
  readonly nowMs: number;
  /** Start of the slot that the person has picked here. */
  readonly chosen: string | undefined;
  /** Whether that one is kept for them. */
  readonly kept: boolean;
  /** Shortest notice for a booking, in minutes; 0 for those who are not bound by it. */
  readonly noticeMinutes: number;
  /** The one way of meeting that will do; without it both do. */
  readonly mode?: AppointmentMode | undefined;
  /** When the person has something else. */
  readonly busy?: readonly Span[];
}

const MINUTE_MS = 60_000;

/** Time goes on while a page is open: what was free may have become too close, or past. */
export function shownState(slot: Slot, context: SlotContext): ShownState {
  const { nowMs, chosen, kept, noticeMinutes, mode, busy = [] } = context;
  const startsMs = Date.parse(slot.startsAt);
  if (startsMs <= nowMs || slot.state === 'past') return 'past';
  const isChosen = slot.startsAt === chosen;
  if (isChosen && kept) return 'held';
  if (slot.state === 'taken') return 'taken';
  const tooClose = startsMs < nowMs + noticeMinutes * MINUTE_MS;
  if (tooClose || (slot.state === 'soon' && noticeMinutes > 0)) return 'soon';
  if (mode !== undefined && !slot.modes.includes(mode)) return 'other-mode';
  if (busy.some((span) => overlap(slot, span))) return 'busy';
  return isChosen ? 'chosen' : 'free';
}

/** Where one ends when the other begins there is room for both. */
const overlap = (one: Span, other: Span): boolean =>
  Date.parse(one.startsAt) < Date.parse(other.endsAt) && Date.parse(other.startsAt) < Date.parse(one.endsAt);

export const canChoose = (state: ShownState): boolean => state === 'free' || state === 'chosen' || state === 'held';

/** A slot on the screen. */
export interface ShownSlot {
  readonly slot: Slot;
  readonly state: ShownState;
  /** Minutes since midnight of the viewer's day. */
  readonly minute: number;
}

export interface ShownDay {
  readonly date: string;
  readonly slots: readonly ShownSlot[];
  readonly freeCount: number;
  /** How many slots the day has, shown or not, and how many of them are over. */
  readonly count: number;
  readonly pastCount: number;
  readonly closed: SlotDay['closed'];
  /** The way of meeting that all of its coming slots have, where it is not the one that is wanted. */
  readonly otherMode: AppointmentMode | undefined;
}

/** Minutes since midnight in a zone. One formatter for all: making one costs more than all of its uses here. */
function minutesIn(zone: string): (startsAt: string) => number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
  });
  return (startsAt) => {
    const parts = format.formatToParts(Date.parse(startsAt));
    const part = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((each) => each.type === type)?.value ?? 0);
    return part('hour') * 60 + part('minute');
  };
}

/** What is shown of a day: what can be chosen, what is not over yet, or everything. */
export type SlotFilter = 'free' | 'coming' | 'all';

/** What of a day is shown. */
interface Wanted {
  readonly filter: SlotFilter;
  /** Start of the slot that has the focus: it does not vanish under it, whatever becomes of it. */
  readonly keep?: string | undefined;
}

/** Days as they are shown. */
export function shownDays(
  days: readonly SlotDay[],
  zone: string,
  context: SlotContext,
  { filter, keep }: Wanted,
): readonly ShownDay[] {
  const minuteOf = minutesIn(zone);
  return days.map(({ date, slots, closed }) => {
    const all = slots.map((slot) => ({
      slot,
      state: shownState(slot, context),
      minute: minuteOf(slot.startsAt),
    }));
    const wanted = all.filter(({ state, slot }) => isWanted(state, filter) || slot.startsAt === keep);
    const pastCount = all.filter(({ state }) => state === 'past').length;
    const freeCount = all.filter(({ state }) => canChoose(state)).length;
    const coming = all.filter(({ state }) => state !== 'past');
    const isOther = coming.every(({ state }) => state === 'other-mode');
    const otherMode = isOther ? coming[0]?.slot.modes[0] : undefined;
    return { date, closed, freeCount, slots: wanted, count: all.length, pastCount, otherMode };
  });
}

function isWanted(state: ShownState, filter: SlotFilter): boolean {
  switch (filter) {
    case 'all':
      return true;
    case 'coming':
      return state !== 'past';
    case 'free':
      return canChoose(state);
  }
}

/** Parts of a day under which its slots stand. */
export const PARTS = ['morning', 'afternoon', 'evening'] as const;
export type DayPart = (typeof PARTS)[number];

const NOON = 12 * 60;
const EVENING = 17 * 60;

export function partOf({ minute }: Pick<ShownSlot, 'minute'>): DayPart {
  if (minute < NOON) return 'morning';
  return minute < EVENING ? 'afternoon' : 'evening';
}
