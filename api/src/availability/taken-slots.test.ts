import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { freeOf, withTaken } from './taken-slots.ts';

const MINUTE_MS = 60_000;
const at = (minute: number): Date => new Date(minute * MINUTE_MS);

/** Lengths and gaps in turns: spans in order that do not overlap. */
const spans = fc
  .array(fc.record({ gap: fc.nat(4), length: fc.integer({ min: 1, max: 5 }) }), { maxLength: 30 })
  .map((parts) => {
    let minute = 0;
    return parts.map(({ gap, length }) => {
      const start = minute + gap;
      minute = start + length;
      return { start: at(start), end: at(minute) };
    });
  });

describe('taken slots', () => {
  it('are those in which some taken time lies, each time told once for each', () => {
    fc.assert(
      fc.property(spans, spans, (ofSlots, ofTaken) => {
        const slots = ofSlots.map(({ start, end }) => ({ startsAt: start, endsAt: end }));
        const taken = ofTaken.map(({ start, end }) => ({ from: start, to: end }));
        const within = (slot: (typeof slots)[number]) =>
          taken.filter(({ from, to }) => from < slot.endsAt && slot.startsAt < to);
        expect([...withTaken(slots, taken)]).toEqual(slots.map((slot) => ({ slot, taken: within(slot) })));
        expect(freeOf(slots, taken)).toEqual(slots.filter((slot) => within(slot).length === 0));
      }),
    );
  });

  it('of a booked-out year are found in one pass', () => {
    const slots = Array.from({ length: 10_000 }, (_item, index) => ({ startsAt: at(index), endsAt: at(index + 1) }));
    let looks = 0;
    const taken = slots.map(({ startsAt, endsAt }) => ({
      get from() {
        looks += 1;
        return startsAt;
      },
      get to() {
        looks += 1;
        return endsAt;
      },
    }));
    expect(freeOf(slots, taken)).toEqual([]);
    expect(looks).toBeLessThan(slots.length * 5);
  });
});
