import { ProductError } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { Pages } from './pages.svelte.ts';
import { Resource } from './resource.svelte.ts';

const entry = (id: string, word = '') => ({ id, word });
const ids = (pages: Pages<{ readonly id: string }>): string[] | undefined => pages.items?.map(({ id }) => id);

describe('lists that are read page by page', () => {
  it('add page to page, and start anew when loaded again', async () => {
    const asked: (string | undefined)[] = [];
    const pages = Pages.create((cursor) => {
      asked.push(cursor);
      return Promise.resolve(
        cursor === undefined ? { items: [entry('1'), entry('2')], next: 'c' } : { items: [entry('3')], next: null },
      );
    });
    await pages.load();
    expect([ids(pages), pages.hasMore]).toEqual([['1', '2'], true]);
    await pages.more();
    await pages.more();
    expect([ids(pages), pages.hasMore, asked]).toEqual([['1', '2', '3'], false, [undefined, 'c']]);
    await pages.load();
    expect(ids(pages)).toEqual(['1', '2']);
  });

  it('show what moved in the order between two pages once, as it is now', async () => {
    const pages = Pages.create((cursor) =>
      Promise.resolve(
        cursor === undefined
          ? { items: [entry('1'), entry('2', 'early')], next: 'c' }
          : { items: [entry('2', 'late'), entry('3')], next: null },
      ),
    );
    await pages.load();
    await pages.more();
    expect(pages.items).toEqual([entry('1'), entry('2', 'late'), entry('3')]);
  });

  it('say that a further page is missing, keep what was read, and try that page again', async () => {
    const asked: (string | undefined)[] = [];
    let fails = false;
    const pages = Pages.create((cursor) => {
      asked.push(cursor);
      if (fails) return Promise.reject(new ProductError('unavailable'));
      return Promise.resolve({ items: [entry(cursor ?? '1')], next: cursor === undefined ? 'c' : null });
    });
    await pages.load();
    fails = true;
    await pages.more();
    expect([ids(pages), pages.isMoreMissing]).toEqual([['1'], true]);
    fails = false;
    await pages.retry();
    expect([ids(pages), pages.isMoreMissing, asked]).toEqual([['1', 'c'], false, [undefined, 'c', 'c']]);
    fails = true;
    await pages.load();
    expect(pages.isMoreMissing).toBe(false);
    fails = false;
    await pages.retry();
    expect(asked.at(-1)).toBeUndefined();
  });

  it('drop an older answer that comes late', async () => {
    const answers: ((id: string) => void)[] = [];
    const pages = Pages.create<{ readonly id: string }>(
      () => new Promise((resolve) => answers.push((id) => resolve({ items: [{ id }], next: null }))),
    );
    const [first, second] = [pages.load(), pages.load()];
    answers[1]?.('2');
    answers[0]?.('1');
    await Promise.all([first, second]);
    expect([ids(pages), pages.busy]).toEqual([['2'], false]);
  });

  it('keep what is there when a page cannot be had', async () => {
    let fails = false;
    const pages = Pages.create(() =>
      fails ? Promise.reject(new ProductError('unavailable')) : Promise.resolve({ items: [entry('a')], next: 'c' }),
    );
    await pages.load();
    fails = true;
    await pages.more();
    expect([ids(pages), pages.problem?.kind, pages.busy]).toEqual([['a'], 'server', false]);
    pages.replace(({ id }) => id === 'a', entry('a', 'changed'));
    expect(pages.items).toEqual([entry('a', 'changed')]);
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
