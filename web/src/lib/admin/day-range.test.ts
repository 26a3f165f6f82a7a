import { describe, expect, it } from 'vitest';
import { dayEnd, dayStart } from './day-range.ts';

describe('a range of days', () => {
  it('takes in the whole of its first and last day, as the device counts days', () => {
    const [first, last] = [new Date(dayStart('2030-06-01') ?? ''), new Date(dayEnd('2030-06-01') ?? '')];
    expect([first.getHours(), first.getMinutes(), last.getHours(), last.getMinutes()]).toEqual([0, 0, 23, 59]);
    expect(first.getDate()).toBe(last.getDate());
  });

  it('is open where no day was chosen', () => {
    expect([dayStart(''), dayEnd('')]).toEqual([undefined, undefined]);
  });
});
