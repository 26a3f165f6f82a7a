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

const nothing = (): Promise<void> => Promise.resolve();

describe('turns', () => {
  it('are taken one after another, in the order in which they were asked for', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [one, two, three] = [work(started, 'one'), work(started, 'two'), work(started, 'three')];
    const all = [one, two, three].map(({ run }) => turns.take('doctor', run, nothing));
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
    const taken = turns.take('doctor', one.run, nothing);
    const beside = turns.take('colleague', other.run, nothing);
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
    const failed = expect(turns.take('doctor', one.run, nothing)).rejects.toThrow('one');
    const next = turns.take('doctor', two.run, nothing);
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

  it('has those behind look every two seconds, who leave where it is not worth it any more', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    const [stuck, two, three] = [work(started, 'stuck'), work(started, 'two'), work(started, 'three')];
    const ahead = turns.take('doctor', stuck.run, nothing);
    let gone = false;
    const leaver = turns.take('doctor', two.run, () => (gone ? Promise.reject(new Error('gone')) : Promise.resolve()));
    const left = expect(leaver).rejects.toThrow('gone');
    const patient = turns.take('doctor', three.run, nothing);
    await vi.advanceTimersByTimeAsync(2000);
    gone = true;
    await vi.advanceTimersByTimeAsync(1999);
    expect(started).toEqual(['stuck']);
    await vi.advanceTimersByTimeAsync(1);
    await left;
    stuck.end();
    three.end();
    expect(await Promise.all([ahead, patient])).toEqual(['stuck', 'three']);
    expect(started).toEqual(['stuck', 'three']);
  });

  it('is waited for half a minute, not longer', async () => {
    const turns = Turns.create();
    const started: string[] = [];
    void turns.take('doctor', work(started, 'stuck').run, nothing);
    const refused = expect(turns.take('doctor', work(started, 'two').run, nothing)).rejects.toMatchObject({
      code: 'unavailable',
    });
    await vi.advanceTimersByTimeAsync(30_000);
    await refused;
    expect(started).toEqual(['stuck']);
  });
});
