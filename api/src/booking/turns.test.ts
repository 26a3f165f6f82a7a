import { setImmediate as turnOfLoop } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Turns } from './turns.ts';

/** Work that ends when it is told to. */
function work(started: string[], name: string) {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = (): Promise<string> => {
    started.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

describe('turns', () => {
  it('are taken one after another, in the order in which they were asked for', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [one, two, three] = [work(started, 'one'), work(started, 'two'), work(started, 'three')];
    const all = [one, two, three].map(({ run }) => turns.take('doctor', run));
    await turnOfLoop();
    expect(started).toEqual(['one']);
    one.end();
    await all[0];
    await turnOfLoop();
    expect(started).toEqual(['one', 'two']);
    two.end();
    three.end();
    expect(await Promise.all(all)).toEqual(['one', 'two', 'three']);
  });

  it('are nobody else’s: another key waits for nothing', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [one, other] = [work(started, 'one'), work(started, 'other')];
    const taken = turns.take('doctor', one.run);
    const beside = turns.take('colleague', other.run);
    await turnOfLoop();
    expect(started).toEqual(['one', 'other']);
    one.end();
    other.end();
    await Promise.all([taken, beside]);
  });

  it('end with an error, too, which only its own caller sees', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [one, two] = [work(started, 'one'), work(started, 'two')];
    const failed = expect(turns.take('doctor', one.run)).rejects.toThrow('one');
    const next = turns.take('doctor', two.run);
    one.fail();
    two.end();
    await failed;
    expect(await next).toBe('two');
  });
});

describe('a turn that does not end', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('holds nobody up for more than a second, and those behind no longer than that either', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [stuck, two, three] = [work(started, 'stuck'), work(started, 'two'), work(started, 'three')];
    void turns.take('doctor', stuck.run);
    const next = [turns.take('doctor', two.run), turns.take('doctor', three.run)];
    await vi.advanceTimersByTimeAsync(999);
    expect(started).toEqual(['stuck']);
    await vi.advanceTimersByTimeAsync(1);
    expect(started).toEqual(['stuck', 'two', 'three']);
    two.end();
    three.end();
    expect(await Promise.all(next)).toEqual(['two', 'three']);
  });
});
