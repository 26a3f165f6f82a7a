import { describe, expect, it } from 'vitest';
import { holdPlace, isHeldElsewhere } from './place-lock.ts';
import { FakeLocks } from './testing/fake-locks.ts';

describe('the place of a call in one of several tabs', () => {
  it('is held until it is given back', async () => {
    const locks = new FakeLocks().asLockManager();
    expect(await isHeldElsewhere(locks, 'c1')).toBe(false);
    const letGo = holdPlace(locks, 'c1');
    expect(await isHeldElsewhere(locks, 'c1')).toBe(true);
    expect(await isHeldElsewhere(locks, 'c2')).toBe(false);
    letGo();
    await expect.poll(() => isHeldElsewhere(locks, 'c1')).toBe(false);
  });

  it('goes to the tab that took the call over, as soon as the other one lets go', async () => {
    const locks = new FakeLocks().asLockManager();
    const first = holdPlace(locks, 'c1');
    const second = holdPlace(locks, 'c1');
    const third = holdPlace(locks, 'c1');
    third();
    first();
    expect(await isHeldElsewhere(locks, 'c1')).toBe(true);
    second();
    await expect.poll(() => isHeldElsewhere(locks, 'c1')).toBe(false);
  });

  it('is free in a browser without locks', async () => {
    holdPlace(undefined, 'c1')();
    expect(await isHeldElsewhere(undefined, 'c1')).toBe(false);
  });
});
