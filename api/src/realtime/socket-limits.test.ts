import { describe, expect, it } from 'vitest';
import { MAX_REFUSALS, REQUEST_BURST, RequestBudget, REQUESTS_PER_SECOND } from './socket-limits.ts';

describe('the budget of a socket (A9)', () => {
  it('allows a burst, refuses what is more, and recovers with time', () => {
    let nowMs = 0;
    const budget = RequestBudget.create(() => nowMs);
    for (let request = 0; request < REQUEST_BURST; request += 1) budget.take();
    expect(() => budget.take()).toThrow(expect.objectContaining({ code: 'rate_limited' }));
    nowMs = 50;
    budget.take();
    expect(() => budget.take()).toThrow(expect.objectContaining({ code: 'rate_limited' }));
  });

  it('is exhausted by somebody who does not heed refusals', () => {
    const budget = RequestBudget.create(() => 0);
    for (let request = 0; request < REQUEST_BURST; request += 1) budget.take();
    for (let refusal = 0; refusal < MAX_REFUSALS; refusal += 1) {
      expect(budget.exhausted).toBe(false);
      expect(() => budget.take()).toThrow();
    }
    expect(budget.exhausted).toBe(true);
  });

  /** Sends so many messages a second, evenly. @returns whether the socket is closed within ten seconds */
  function isClosed(perSecond: number): boolean {
    let nowMs = 0;
    const budget = RequestBudget.create(() => nowMs);
    for (let sent = 0; sent < 10 * perSecond; sent += 1) {
      nowMs = (sent * 1000) / perSecond;
      try {
        budget.take();
      } catch {
        if (budget.exhausted) return true;
      }
    }
    return false;
  }

  it('is exhausted also while one message now and then goes through, and not by somebody who is a little too fast', () => {
    expect([1000, 100].map(isClosed)).toEqual([true, true]);
    expect([REQUESTS_PER_SECOND, REQUESTS_PER_SECOND + 10].map(isClosed)).toEqual([false, false]);
  });
});
