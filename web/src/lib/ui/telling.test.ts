import { flushSync } from 'svelte';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Announcer } from './announcer.svelte.ts';
import { Toasts } from './toasts.svelte.ts';
import { runsOfEffect } from './testing/effect-runs.svelte.ts';

describe('telling people things', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('does not run the effect again that told it', () => {
    const announcer = Announcer.create();
    const toasts = Toasts.create();
    const runs = runsOfEffect(() => {
      announcer.assertive('The connection was lost.');
      toasts.show('You are back.');
    });
    flushSync();
    expect(runs()).toBe(1);
    expect(announcer.assertiveText).toBe('The connection was lost.');
  });

  it('makes the same sentence news again', () => {
    const announcer = Announcer.create();
    announcer.polite('Ana joined the call');
    const first = announcer.politeText;
    announcer.polite('Ana joined the call');
    expect(announcer.politeText).not.toBe(first);
    expect(announcer.politeText.trim()).toBe(first);
  });

  it('shows at most two toasts, the latest ones, for 8 s, and holds one that is being read', () => {
    const toasts = Toasts.create();
    for (const text of ['a', 'b', 'c']) toasts.show(text);
    expect(toasts.items.map(({ text }) => text)).toEqual(['b', 'c']);
    toasts.hold(toasts.items[0]?.id ?? 0);
    vi.advanceTimersByTime(8_000);
    expect(toasts.items.map(({ text }) => text)).toEqual(['b']);
    toasts.release(toasts.items[0]?.id ?? 0);
    vi.advanceTimersByTime(8_000);
    expect(toasts.items).toEqual([]);
  });

  it('takes a toast back whose news are over', () => {
    const toasts = Toasts.create();
    const [left] = [toasts.show('Ana left the call'), toasts.show('Saved.')];
    toasts.dismiss(left);
    expect(toasts.items.map(({ text }) => text)).toEqual(['Saved.']);
    vi.advanceTimersByTime(8_000);
    expect([toasts.items, vi.getTimerCount()]).toEqual([[], 0]);
  });
});
