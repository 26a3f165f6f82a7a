import { describe, expect, it } from 'vitest';
import { besideSelf } from './beside-self.ts';

const box = (x: number, y: number, width = 300) => ({ x, y, width, height: 200 });
const four = [box(0, 0), box(308, 0), box(0, 208), box(308, 208)];

describe('the name beside the own picture', () => {
  it('moves away in the tile of that corner, and in no other', () => {
    expect(four.map((_box, index) => besideSelf(four, index, 'bottomEnd'))).toEqual([
      undefined,
      undefined,
      undefined,
      'end',
    ]);
    expect(four.map((_box, index) => besideSelf(four, index, 'bottomStart'))).toEqual([
      undefined,
      undefined,
      'start',
      undefined,
    ]);
  });

  it('stays where nothing lies over it, and where there is no room beside', () => {
    expect(besideSelf(four, 3, 'topEnd')).toBeUndefined();
    expect(besideSelf(four, 3, undefined)).toBeUndefined();
    expect(besideSelf([box(0, 0, 168)], 0, 'bottomEnd')).toBeUndefined();
  });
});
