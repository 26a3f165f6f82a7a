import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { expect, it } from 'vitest';

const html = readFileSync(join(import.meta.dirname, 'app.html'), 'utf8');
const script = /<script>([\s\S]*?)<\/script>/.exec(html)?.[1] ?? '';
const NAMES = ['localStorage', 'sessionStorage'] as const;

/** The part of a browser's storage that a page uses, with what is in it. */
class Store {
  readonly kept: Map<string, string>;
  /** Whether it takes anything more. */
  room: boolean;

  constructor(entries: Readonly<Record<string, string>> = {}, room = true) {
    this.kept = new Map(Object.entries(entries));
    this.room = room;
  }

  get length(): number {
    return this.kept.size;
  }

  key(index: number): string | null {
    return [...this.kept.keys()][index] ?? null;
  }

  getItem(key: string): string | null {
    return this.kept.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    if (!this.room) throw new DOMException('No room', 'QuotaExceededError');
    this.kept.set(key, value);
  }

  removeItem(key: string): void {
    this.kept.delete(key);
  }
}

/** Starts the page in a browser with this storage. @returns what is left in its window, by expressions */
function start(storage: () => Store, prefersDark = false) {
  const page = { theme: '' };
  const setAttribute = (_name: string, theme: string): void => void (page.theme = theme);
  const window: Record<string, unknown> = {
    matchMedia: () => ({ matches: prefersDark }),
    document: { documentElement: { setAttribute } },
  };
  for (const name of NAMES) Object.defineProperty(window, name, { get: storage, configurable: true });
  window['window'] = window;
  const context = createContext(window);
  runInContext(script, context);
  return { page, evaluate: (expression: string): unknown => runInContext(expression, context) };
}
const refuse = (): never => {
  throw new DOMException('The operation is insecure.', 'SecurityError');
};

it.each([
  ['forbids storage', refuse],
  ['has no room in it', () => new Store({}, false)],
])('a page remembers for itself where the browser %s', (_what, storage) => {
  const { evaluate } = start(storage);
  for (const name of NAMES) {
    expect(evaluate(`${name}.getItem('draft')`)).toBeNull();
    evaluate(`${name}.setItem('draft', 1); ${name}.setItem('other', 'x')`);
    expect(evaluate(`[${name}.getItem('draft'), ${name}.length, ${name}.key(1), ${name}.key(2)].join()`)).toBe(
      '1,2,other,',
    );
    evaluate(`${name}.removeItem('draft')`);
    expect(evaluate(`[${name}.getItem('draft'), ${name}.length].join()`)).toBe(',1');
    evaluate(`${name}.clear()`);
    expect(evaluate(`${name}.length`)).toBe(0);
  }
});

it('what the browser has from before is there where there is no room for more, and can be removed', () => {
  const store = new Store({ 'hc.theme': 'dark', draft: 'from before' }, false);
  const { page, evaluate } = start(() => store);
  expect(page.theme).toBe('dark');
  expect(evaluate(`[localStorage.getItem('draft'), localStorage.length, localStorage.key(0)].join()`)).toBe(
    'from before,2,hc.theme',
  );
  evaluate(`localStorage.setItem('draft', 'now')`);
  expect(evaluate(`[localStorage.getItem('draft'), localStorage.length].join()`)).toBe('now,2');
  // The next page must not take what is out of date for the latest.
  expect(store.kept.has('draft')).toBe(false);
  store.room = true;
  evaluate(`localStorage.setItem('draft', 'later')`);
  expect([store.getItem('draft'), evaluate(`localStorage.getItem('draft')`)]).toEqual(['later', 'later']);
  evaluate(`localStorage.removeItem('draft'); localStorage.clear()`);
  expect([store.kept.size, evaluate('localStorage.length')]).toEqual([0, 0]);
});

it('the two do not share what they remember', () => {
  const { evaluate } = start(refuse);
  evaluate(`localStorage.setItem('draft', 'x')`);
  expect(evaluate(`sessionStorage.getItem('draft')`)).toBeNull();
});

it('storage that takes something is left as it is, with nothing added', () => {
  const store = new Store({ 'hc.theme': 'light' });
  const { evaluate } = start(() => store);
  evaluate(`localStorage.setItem('draft', 'x')`);
  expect(Object.fromEntries(store.kept)).toEqual({ 'hc.theme': 'light', draft: 'x' });
});

it.each([
  ['dark', false, 'dark'],
  ['light', true, 'light'],
  ['', true, 'dark'],
  ['', false, 'light'],
  ['pink', true, 'dark'],
])('a page whose theme was chosen as %j, on a system that is dark: %j, begins %s', (chosen, prefersDark, theme) => {
  expect(start(() => new Store({ 'hc.theme': chosen }), prefersDark).page.theme).toBe(theme);
});

it('a page begins in the theme of the system where it can remember none', () => {
  expect(start(refuse, true).page.theme).toBe('dark');
});

it('no library is let to try what the security policy refuses', () => {
  expect(start(() => new Store()).evaluate('__zod_globalConfig.jitless')).toBe(true);
});
