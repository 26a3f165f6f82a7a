import { ProductError } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { Pages } from './pages.svelte.ts';
import { Resource } from './resource.svelte.ts';

describe('lists that are read page by page', () => {
  it('add page to page, and start anew when loaded again', async () => {
    const asked: (string | undefined)[] = [];
    const pages = Pages.create((cursor) => {
      asked.push(cursor);
      return Promise.resolve(cursor === undefined ? { items: [1, 2], next: 'c' } : { items: [3], next: null });
    });
    await pages.load();
    expect([pages.items, pages.hasMore]).toEqual([[1, 2], true]);
    await pages.more();
    await pages.more();
    expect([pages.items, pages.hasMore, asked]).toEqual([[1, 2, 3], false, [undefined, 'c']]);
    await pages.load();
    expect(pages.items).toEqual([1, 2]);
  });

  it('drop an older answer that comes late', async () => {
    const answers: ((items: number[]) => void)[] = [];
    const pages = Pages.create<number>(
      () => new Promise((resolve) => answers.push((items) => resolve({ items, next: null }))),
    );
    const [first, second] = [pages.load(), pages.load()];
    answers[1]?.([2]);
    answers[0]?.([1]);
    await Promise.all([first, second]);
    expect([pages.items, pages.busy]).toEqual([[2], false]);
  });

  it('keep what is there when a page cannot be had', async () => {
    let fails = false;
    const pages = Pages.create(() =>
      fails ? Promise.reject(new ProductError('unavailable')) : Promise.resolve({ items: ['a'], next: 'c' }),
    );
    await pages.load();
    fails = true;
    await pages.more();
    expect([pages.items, pages.problem?.kind, pages.busy]).toEqual([['a'], 'server', false]);
    pages.replace((item) => item === 'a', 'b');
    expect(pages.items).toEqual(['b']);
  });
});

describe('something that a page reads', () => {
  it('keeps the last value when it cannot be read again, and says why', async () => {
    let fails = false;
    const resource = Resource.create(() =>
      fails ? Promise.reject(new ProductError('forbidden')) : Promise.resolve('value'),
    );
    await resource.load();
    fails = true;
    await resource.load();
    expect([resource.value, resource.problem?.kind]).toEqual(['value', 'forbidden']);
    fails = false;
    await resource.load();
    expect(resource.problem).toBeUndefined();
  });
});
