import { describe, expect, it } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { tellTimeZone } from './time-zone.ts';

/** A server that notes what it is told. */
function setUp(status = 200) {
  const sent: unknown[] = [];
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: (input, init) => {
      sent.push([init?.method, input, typeof init?.body === 'string' ? JSON.parse(init.body) : undefined]);
      return Promise.resolve(new Response('{}', { status }));
    },
  });
  return { call, sent };
}

describe('the zone of the browser', () => {
  it.each([[null], ['Europe/Berlin']])('is told where %s is stored', async (stored) => {
    const { call, sent } = setUp();
    await tellTimeZone(call, { timeZone: stored }, 'Pacific/Auckland');
    expect(sent).toEqual([['PUT', '/api/profile/time-zone', { timeZone: 'Pacific/Auckland' }]]);
  });

  it.each([['Pacific/Auckland'], ['Etc/Unknown']])('is not told as %s, known already or none', async (zone) => {
    const { call, sent } = setUp();
    await tellTimeZone(call, { timeZone: 'Pacific/Auckland' }, zone);
    expect(sent).toEqual([]);
  });

  it('is nothing that anybody is bothered with when it cannot be told', async () => {
    const { call, sent } = setUp(500);
    await tellTimeZone(call, { timeZone: null }, 'Pacific/Auckland');
    expect(sent).toHaveLength(1);
  });
});
