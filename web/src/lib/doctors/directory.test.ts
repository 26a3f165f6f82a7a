import type { ListedDoctor } from '@health-connect/contract';
import { describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { Directory } from './directory.svelte.ts';
import { listedDoctorOf } from './testing/listed-doctor.ts';

const doctor = (name: string): ListedDoctor =>
  listedDoctorOf(name, { id: name.charCodeAt(0).toString(16).padStart(24, '0') });

/** A server that finds a doctor by the name of the term, and answers when it is told to. */
function setUp() {
  const asked: URLSearchParams[] = [];
  const waiting: (() => void)[] = [];
  const state = { held: false };
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: async (input) => {
      const query = new URL(input as string, 'https://clinic.org').searchParams;
      asked.push(query);
      if (state.held) await new Promise<void>((resolve) => waiting.push(resolve));
      const isSecond = query.has('cursor');
      const doctors = [doctor(isSecond ? 'Zoe' : (query.get('term') ?? 'Ada'))];
      return new Response(JSON.stringify({ doctors, total: 2, next: isSecond ? null : 'c2' }));
    },
  });
  return { directory: Directory.create(call, () => 'Asia/Kolkata'), asked, waiting, state };
}

const names = (directory: Directory): string[] | undefined => directory.pages.items?.map(({ name }) => name);

describe('the directory', () => {
  it("asks for the days of the viewer's zone, and for no empty field", async () => {
    const { directory, asked } = setUp();
    await directory.show({ sort: 'soonest', free: 'today', language: undefined });
    expect(asked[0]?.toString()).toBe('sort=soonest&free=today&timeZone=Asia%2FKolkata');
    expect([names(directory), directory.total]).toEqual([['Ada'], 2]);
  });

  it('shows what fits the last key, whatever comes first', async () => {
    const { directory, waiting, state } = setUp();
    state.held = true;
    const first = directory.show({ sort: 'soonest', term: 'B' });
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    const second = directory.show({ sort: 'soonest', term: 'Be' });
    await vi.waitFor(() => expect(waiting).toHaveLength(2));
    waiting[1]?.();
    await second;
    waiting[0]?.();
    await first;
    expect(names(directory)).toEqual(['Be']);
  });

  it('keeps the last list until the next one is there', async () => {
    const { directory, waiting, state } = setUp();
    await directory.show({ sort: 'soonest' });
    state.held = true;
    const next = directory.show({ sort: 'soonest', term: 'Bea' });
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    expect(names(directory)).toEqual(['Ada']);
    waiting[0]?.();
    await next;
    expect(names(directory)).toEqual(['Bea']);
  });

  it('reads more under the same filter, and shows a list again as it was left', async () => {
    const { directory, asked } = setUp();
    await directory.show({ sort: 'name', term: 'Ada' });
    await directory.pages.more();
    expect(asked[1]?.toString()).toBe('sort=name&term=Ada&timeZone=Asia%2FKolkata&cursor=c2');
    expect(names(directory)).toEqual(['Ada', 'Zoe']);

    const left = directory.capture('/doctors?term=Ada');
    const { directory: again, waiting, state } = setUp();
    state.held = true;
    const reading = again.show({ sort: 'name', term: 'Ada' });
    if (left !== undefined) again.restore(left, '/doctors?term=Ada');
    await vi.waitFor(() => expect(waiting).toHaveLength(1));
    waiting[0]?.();
    await reading;
    expect([names(again), again.total, again.pages.hasMore]).toEqual([['Ada', 'Zoe'], 2, false]);
  });
});
