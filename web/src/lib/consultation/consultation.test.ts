import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { browserHelpFor } from './browser-help.ts';
import { GroupedNews, NEWS_INTERVAL_MS } from './grouped-news.ts';
import { forgetCall, rememberCall, returningTo } from './returning.ts';
import { troubleStage } from './trouble-stage.svelte.ts';

describe('steps after a refusal (R9)', () => {
  const chrome =
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36';
  const safari =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15';
  it.each([
    [chrome, 0, 'chromium'],
    [`${chrome} Edg/150.0`, 0, 'chromium'],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0', 0, 'firefox'],
    [safari, 0, 'safariMac'],
    [safari, 5, 'safariIos'],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile/15E148 Safari/604.1',
      5,
      'safariIos',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 CriOS/140.0 Mobile/15E148 Safari/604.1',
      5,
      'chromeIos',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Mobile Safari/537.36',
      5,
      'android',
    ],
  ])('%s with %d touch points: %s', (agent, touchPoints, help) => {
    expect(browserHelpFor(agent, touchPoints)).toBe(help);
  });
});

describe('a lost connection in words', () => {
  const lost = { kind: 'media' as const, sinceMs: 0, gaveUp: false };
  it.each([
    [lost, 1_999, 'none'],
    [lost, 2_000, 'word'],
    [lost, 5_000, 'sentence'],
    [{ ...lost, kind: 'signalling' as const }, 30_000, 'word'],
    [{ ...lost, gaveUp: true }, 60_000, 'failed'],
    [{ ...lost, kind: 'none' as const }, 60_000, 'none'],
  ])('%o after %d ms: %s', (trouble, nowMs, stage) => {
    expect(troubleStage(trouble, nowMs)).toBe(stage);
  });
});

describe('news about people', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('are told at once, then together', () => {
    const told: string[] = [];
    const news = GroupedNews.create((kind, names) => void told.push(`${kind}: ${names.join(', ')}`));
    news.add('joined', 'Ana');
    news.add('joined', 'Ben');
    news.add('left', 'Ana');
    news.add('joined', 'Cleo');
    expect(told).toEqual(['joined: Ana']);
    vi.advanceTimersByTime(NEWS_INTERVAL_MS);
    expect(told).toEqual(['joined: Ana', 'joined: Ben, Cleo', 'left: Ana']);
    news.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a reload in the room', () => {
  it('keeps the place and what was on, until the person leaves', () => {
    rememberCall(sessionStorage, 'c1', ['microphone']);
    expect(returningTo(sessionStorage, 'c1')).toEqual({ kinds: ['microphone'] });
    expect(returningTo(sessionStorage, 'c2')).toBeUndefined();
    forgetCall(sessionStorage, 'c1');
    expect(returningTo(sessionStorage, 'c1')).toBeUndefined();
  });
});
