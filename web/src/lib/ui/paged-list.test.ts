import { ProductError } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet, type ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import { Pages, type Identified } from '../api/pages.svelte.ts';
import { m } from '../paraglide/messages.js';
import PagedList from './PagedList.svelte';

const EMPTY = 'Nothing fits.';
const row = createRawSnippet<[Identified]>((item) => ({ render: () => `<a href="/${item().id}">${item().id}</a>` }));
const status = (): string | null => screen.getByRole('status').textContent;
const press = (name: string): Promise<boolean> => {
  const button = screen.getByText(name).closest('button') ?? document.body;
  button.focus();
  return fireEvent.click(button);
};

/** A list of two pages; reading can be made to fail. */
async function show() {
  const state = { fails: false, empty: false, asked: 0 };
  const pages = Pages.create<Identified>((cursor) => {
    state.asked += 1;
    if (state.fails) return Promise.reject(new ProductError('unavailable'));
    if (state.empty) return Promise.resolve({ items: [], next: null });
    return Promise.resolve(
      cursor === undefined ? { items: [{ id: 'one' }], next: 'two' } : { items: [{ id: 'two' }], next: null },
    );
  });
  render(PagedList<Identified>, { pages, empty: EMPTY, row } satisfies ComponentProps<typeof PagedList<Identified>>);
  await pages.load();
  await screen.findByText('one');
  return { pages, state };
}

it('says what a search has brought, and leads the focus to what comes with the last page', async () => {
  const { pages, state } = await show();
  expect(status()).toBe(m['list.shownSome']({ n: 1 }));
  await press(m['action.more']());
  await expect.poll(() => document.activeElement?.textContent).toBe('two');
  expect(status()).toBe(m['list.shown']({ n: 2 }));
  state.empty = true;
  await pages.load();
  await expect.poll(status).toBe(EMPTY);
});

it('says below the list that more of it could not be read, and tries that again', async () => {
  const { state } = await show();
  state.fails = true;
  await press(m['action.more']());
  const problem = await screen.findByText(m['net.serverDown']());
  const first = screen.getByText('one');
  expect(first.compareDocumentPosition(problem) & Node.DOCUMENT_POSITION_FOLLOWING).not.toBe(0);
  state.fails = false;
  await press(m['action.tryAgain']());
  await screen.findByText('two');
  expect(screen.getByText('one')).toBeTruthy();
  expect(state.asked).toBe(3);
});

it('says the heading of a part once, above the first of its entries', async () => {
  const items = ['a1', 'a2', 'b1', 'none'].map((id) => ({ id }));
  const pages = Pages.create<Identified>(() => Promise.resolve({ items, next: null }));
  const part = ({ id }: Identified): string | undefined => (id === 'none' ? undefined : id[0]);
  render(PagedList<Identified>, { pages, empty: EMPTY, row, part, heading: 'h3' });
  await pages.load();
  await screen.findByText('a1');
  const texts = screen.getAllByRole('listitem').map((item) => item.textContent.replaceAll(/\s/g, ''));
  expect(texts).toEqual(['aa1', 'a2', 'bb1', 'none']);
  expect(screen.getAllByRole('heading', { level: 3 })).toHaveLength(2);
});
