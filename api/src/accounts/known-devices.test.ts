import { describe, expect, it } from 'vitest';
import { KnownDevices } from './known-devices.ts';

const devices = KnownDevices.create(Buffer.alloc(32, 1));
const ada = 'ada@test.example';

describe('a browser in which people have signed in', () => {
  it('is known as theirs, and as nobody else’s', () => {
    const marks = devices.remember(undefined, ada);
    expect(devices.find(marks, ada)).toMatch(/^[\w-]{22}$/);
    expect(devices.find(marks, 'bob@test.example')).toBeUndefined();
    expect(devices.find(devices.remember(undefined, ada), ada)).not.toBe(devices.find(marks, ada));
  });

  it('keeps its name when they sign in again', () => {
    const marks = devices.remember(undefined, ada);
    expect(devices.remember(marks, ada)).toBe(marks);
  });

  it('knows the last four people', () => {
    const people = [ada, 'b@test.example', 'c@test.example', 'd@test.example', 'e@test.example'];
    const marks = people.reduce<string | undefined>((before, email) => devices.remember(before, email), undefined);
    expect(people.map((email) => devices.find(marks, email) !== undefined)).toEqual([false, true, true, true, true]);
    expect(marks?.length).toBeLessThan(300);
  });

  it('cannot be made up', () => {
    const marks = devices.remember(undefined, ada);
    const other = KnownDevices.create(Buffer.alloc(32, 2)).remember(undefined, ada);
    const swapped = marks.slice(0, 22) + devices.remember(undefined, ada).slice(22);
    const changed = (marks.startsWith('A') ? 'B' : 'A') + marks.slice(1);
    for (const invented of [other, swapped, changed, marks.slice(0, -1), '', '...', 'a'.repeat(65), `x${marks}`]) {
      expect(devices.find(invented, ada)).toBeUndefined();
    }
    expect(devices.find(`rubbish.${marks}`, ada)).toBeDefined();
    // Nobody has the server look through more than it gives.
    expect(devices.find(`${'rubbish.'.repeat(4)}${marks}`, ada)).toBeUndefined();
  });
});
