import { m } from '#lib/paraglide/messages.js';
import { clockWords, unbrokenTime } from '../i18n/format.ts';
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

/** How the times of a day are written. */
export function timeWords({ slots }: ShownDay, zone: string, locale: string): ReadonlyMap<string, string> {
  const format = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit', timeZone: zone });
  return new Map(
    slots.map(({ slot: { startsAt } }) => {
      const instant = new Date(startsAt);
      return [startsAt, clockWords(unbrokenTime(format, instant), instant, zone)];
    }),
  );
}
