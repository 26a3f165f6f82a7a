import { holdEndpoints, ProductError, type Endpoint, type Hold } from '@health-connect/contract';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { HoldKeeper, WARNING_MS } from './hold-keeper.svelte.ts';

const MINUTE_MS = 60_000;
const doctorId = 'd'.repeat(24);
const startsAt = '2030-05-06T10:00:00.000Z';

/** A server's holds behind the real client; its clock is an hour off. */
function setUp() {
  const asked: string[] = [];
  const state = {
    extensionsLeft: 2,
    refuses: undefined as ProductError | undefined,
    holdIds: 0,
    keepalive: false,
    keepsHold: false,
    expiresMs: undefined as number | undefined,
  };
  const waiting: (() => void)[] = [];
  const hold = (): Hold => ({
    id: String(state.holdIds).padStart(24, '0'),
    doctorId,
    startsAt,
    endsAt: startsAt,
    expiresAt: new Date(state.expiresMs ?? Date.now() + 70 * MINUTE_MS).toISOString(),
    extensionsLeft: state.extensionsLeft,
  });
  const answer = (method: Endpoint['method'], path: string): Response => {
    if (state.refuses !== undefined) {
      return new Response(JSON.stringify({ error: state.refuses.toFailure('r') }), { status: state.refuses.status });
    }
    if (method === 'DELETE') return new Response('{}');
    if (method === 'GET') return new Response(JSON.stringify({ hold: state.holdIds === 0 ? null : hold() }));
    if (path.endsWith('/extend')) state.extensionsLeft -= 1;
    else if (!state.keepsHold) state.holdIds += 1;
    return new Response(JSON.stringify({ hold: hold() }), { status: 201 });
  };
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: async (input, init = {}) => {
      const [method, path] = [init.method as Endpoint['method'], input as string];
      asked.push(`${method} ${path}`);
      state.keepalive = init.keepalive ?? false;
      if (waiting.length > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      return answer(method, path);
    },
  });
  const askFor = (from: string) => call(holdEndpoints.take, { body: { doctorId, startsAt: from } });
  return { keeper: HoldKeeper.create(call, askFor), asked, state, waiting };
}

describe('a time that is kept', () => {
  beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2030-05-06T08:00:00Z') }));
  afterEach(() => void vi.useRealTimers());

  it('is kept for ten minutes of this clock, and asks two minutes before its end', async () => {
    const { keeper } = setUp();
    await keeper.take(startsAt);
    expect([keeper.stage, keeper.endsMs - Date.now()]).toEqual(['kept', 10 * MINUTE_MS]);
    vi.advanceTimersByTime(10 * MINUTE_MS - WARNING_MS - 1);
    expect(keeper.stage).toBe('kept');
    vi.advanceTimersByTime(1);
    expect(keeper.stage).toBe('ending');
    expect(WARNING_MS).toBeGreaterThanOrEqual(20_000);
    vi.advanceTimersByTime(WARNING_MS);
    expect([keeper.stage, keeper.hold]).toEqual(['ended', undefined]);
  });

  it('ends where the server keeps another time for the person, and only there', async () => {
    const { keeper, state, asked } = setUp();
    await keeper.take(startsAt);
    await keeper.verify();
    expect([keeper.stage, asked.at(-1)]).toEqual(['kept', 'GET /api/holds']);
    state.refuses = new ProductError('unavailable');
    await keeper.verify();
    expect(keeper.stage).toBe('kept');
    state.refuses = undefined;
    state.holdIds += 1;
    await keeper.verify();
    expect([keeper.stage, keeper.hold]).toEqual(['ended', undefined]);
  });

  it('is kept longer, as often as the server lets it', async () => {
    const { keeper } = setUp();
    await keeper.take(startsAt);
    vi.advanceTimersByTime(9 * MINUTE_MS);
    await keeper.extend();
    expect([keeper.endsMs - Date.now(), keeper.stage, keeper.extendable]).toEqual([3 * MINUTE_MS, 'kept', true]);
    vi.advanceTimersByTime(2 * MINUTE_MS);
    await keeper.extend();
    expect(keeper.extendable).toBe(false);
  });

  it('that is chosen again is kept for as long as the server keeps it, whatever the clock here says', async () => {
    const { keeper, state } = setUp();
    state.expiresMs = Date.now() + 70 * MINUTE_MS;
    await keeper.take(startsAt);
    vi.advanceTimersByTime(9 * MINUTE_MS);
    // Its extensions are nearly used up: two minutes more are all that is left.
    state.keepsHold = true;
    state.expiresMs += 2 * MINUTE_MS;
    await keeper.take(startsAt);
    expect(keeper.endsMs - Date.now()).toBe(3 * MINUTE_MS);
  });

  it('has ended when the server has let go of it', async () => {
    const { keeper, state } = setUp();
    await keeper.take(startsAt);
    state.refuses = new ProductError('hold_ended');
    await keeper.extend();
    expect(keeper.stage).toBe('ended');
  });

  it('is given back once, by a request that outlives the page', async () => {
    const { keeper, asked, state } = setUp();
    await keeper.take(startsAt);
    keeper.release();
    keeper.release();
    expect(asked.filter((request) => request.startsWith('DELETE'))).toEqual([
      'DELETE /api/holds/000000000000000000000001',
    ]);
    expect([keeper.stage, state.keepalive]).toEqual(['none', true]);
    vi.advanceTimersByTime(20 * MINUTE_MS);
    expect(keeper.stage).toBe('none');
  });

  it('is not given back once it is booked', async () => {
    const { keeper, asked } = setUp();
    await keeper.take(startsAt);
    keeper.forget();
    keeper.release();
    expect(asked).toEqual(['POST /api/holds']);
  });

  it('goes back when the answer comes after the person has left', async () => {
    const { keeper, asked, waiting } = setUp();
    waiting.push(() => undefined);
    const taking = keeper.take(startsAt);
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    keeper.release();
    for (const go of waiting) go();
    await taking;
    expect([keeper.hold, asked.at(-1)]).toEqual([undefined, 'DELETE /api/holds/000000000000000000000001']);
  });

  it('is not asked for when the person has left before', async () => {
    const { keeper, asked } = setUp();
    const taking = keeper.take(startsAt);
    keeper.release();
    await taking;
    expect([asked, keeper.hold]).toEqual([[], undefined]);
  });

  it('knows its end after a sleep in which no timer ran', async () => {
    const { keeper } = setUp();
    await keeper.take(startsAt);
    vi.setSystemTime(Date.now() + 11 * MINUTE_MS);
    keeper.check();
    expect(keeper.stage).toBe('ended');
  });

  it('asks at once after a sleep that ended within the last minutes', async () => {
    const { keeper } = setUp();
    await keeper.take(startsAt);
    vi.setSystemTime(Date.now() + 9 * MINUTE_MS);
    keeper.check();
    expect(keeper.stage).toBe('ending');
  });

  it('passes on why a time cannot be kept', async () => {
    const { keeper, state } = setUp();
    state.refuses = new ProductError('slot_unavailable', { offers: [] });
    await expect(keeper.take(startsAt)).rejects.toMatchObject({ code: 'slot_unavailable' });
    expect(keeper.stage).toBe('none');
  });
});
