import { m } from '#lib/paraglide/messages.js';
import type { DayPart, ShownDay } from './slot-view.ts';

/** "4 free", "Full", or why there is nothing. */
export function dayWords({ freeCount, count, pastCount, closed, otherMode }: ShownDay): string {
  if (freeCount > 0) return m['slot.dayFree']({ n: freeCount });
  if (otherMode !== undefined) return otherMode === 'chat' ? m['slot.onlyChat']() : m['slot.onlyVideo']();
  if (count > 0) return pastCount === count ? m['slot.dayOver']() : m['slot.dayFull']();
  switch (closed) {
    case 'vacation':
      return m['slot.dayVacation']();
    case 'too-far':
      return m['slot.dayFar']();
    case 'closed':
    case 'no-hours':
    case null:
      return m['slot.dayClosed']();
  }
}

export function partWords(part: DayPart): string {
  switch (part) {
    case 'morning':
      return m['slot.morning']();
    case 'afternoon':
      return m['slot.afternoon']();
    case 'evening':
      return m['slot.evening']();
  }
}

/** How times are written within one day: with the zone's name where the clock shows one of them twice. */
export function timeWords(day: ShownDay, zone: string, locale: string): ReadonlyMap<string, string> {
  const options = { hour: 'numeric', minute: '2-digit', timeZone: zone } as const;
  const plain = new Intl.DateTimeFormat(locale, options);
  const named = new Intl.DateTimeFormat(locale, { ...options, timeZoneName: 'short' });
  const twice = (minute: number): boolean => day.slots.filter((each) => each.minute === minute).length > 1;
  return new Map(
    day.slots.map(({ slot: { startsAt }, minute }) => [
      startsAt,
      (twice(minute) ? named : plain).format(Date.parse(startsAt)),
    ]),
  );
}
