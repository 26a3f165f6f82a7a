import { describe, expect, it } from 'vitest';
import { MAX_REFUSALS, REQUEST_BURST, RequestBudget } from './socket-limits.ts';

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
});
