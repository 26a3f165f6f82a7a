import { ProductError } from '@health-connect/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { SessionRefresh } from './refresh.ts';

/** Locks as browsers give them: one holder at a time, across all tabs. */
function createLocks(): Pick<LockManager, 'request'> {
  let last: Promise<unknown> = Promise.resolve();
  const request = async (_name: string, _options: unknown, run: (lock: Lock | null) => unknown): Promise<unknown> => {
    const mine = last.then(() => run(null));
    last = mine.catch(() => undefined);
    return mine;
  };
  return { request: request as LockManager['request'] };
}

describe('session refresh', () => {
  beforeEach(() => localStorage.clear());

  const setUp = (answer: () => Promise<unknown>, tabs = 1, locks?: Pick<LockManager, 'request'>) => {
    let sent = 0;
    let time = 1_000;
    const send = () => {
      sent += 1;
      return answer();
    };
    const now = () => (time += 1);
    return { tabs: Array.from({ length: tabs }, () => SessionRefresh.create({ send, now, locks })), sent: () => sent };
  };

  it('asks once for many requests that fail at the same time', async () => {
    const { tabs, sent } = setUp(() => Promise.resolve());
    const [tab] = tabs;
    expect(await Promise.all([tab?.run(), tab?.run(), tab?.run()])).toEqual([true, true, true]);
    expect(sent()).toBe(1);
    await tab?.run();
    expect(sent()).toBe(2);
  });

  it('asks once for several tabs', async () => {
    const { tabs, sent } = setUp(() => Promise.resolve(), 3, createLocks());
    expect(await Promise.all(tabs.map((tab) => tab.run()))).toEqual([true, true, true]);
    expect(sent()).toBe(1);
  });

  it('asks where the stamp of the last time lies ahead, because the clock was set back', async () => {
    const { tabs, sent } = setUp(() => Promise.resolve());
    localStorage.setItem('hc.session.renewed', String(3_600_000));
    expect([await tabs[0]?.run(), sent()]).toEqual([true, 1]);
  });

  it('renews although the browser cannot remember it', async () => {
    const storage = {
      getItem: () => null,
      setItem: () => {
        throw new DOMException('No room', 'QuotaExceededError');
      },
    };
    const refresh = SessionRefresh.create({ send: () => Promise.resolve(), locks: undefined, storage });
    expect(await refresh.run()).toBe(true);
  });

  it('says when the sign-in has ended', async () => {
    const { tabs } = setUp(() => Promise.reject(new ProductError('unauthenticated')), 1, createLocks());
    expect(await tabs[0]?.run()).toBe(false);
  });

  it('takes the cookies of another tab that was faster', async () => {
    const { tabs } = setUp(() => Promise.reject(new ProductError('conflict')));
    expect(await tabs[0]?.run()).toBe(true);
  });

  it('does not take "no answer" for an end, and tries again the next time', async () => {
    let answers = 0;
    const { tabs } = setUp(
      () => ((answers += 1) === 1 ? Promise.reject(new TypeError('offline')) : Promise.resolve()),
      1,
    );
    await expect(tabs[0]?.run()).rejects.toThrow('offline');
    expect(await tabs[0]?.run()).toBe(true);
  });

  it('goes on without a lock that it does not get', async () => {
    const locks = { request: () => Promise.reject(new DOMException('', 'AbortError')) };
    const { tabs, sent } = setUp(() => Promise.resolve(), 1, locks);
    expect(await tabs[0]?.run()).toBe(true);
    expect(sent()).toBe(1);
  });
});
