import { setImmediate as nextRound } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

describe('turns', () => {
  it('begin one piece of work a round, in order, with everything else in between', async () => {
    const turns = Turns.create();
    const done: string[] = [];
    for (const name of ['first', 'second', 'third']) turns.take(() => done.push(name));
    expect(done).toEqual([]);
    for (const other of ['a', 'b', 'c']) {
      await nextRound();
      done.push(other);
    }
    expect(done).toEqual(['first', 'a', 'second', 'b', 'third', 'c']);
  });
});
