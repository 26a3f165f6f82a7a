import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { formatLongDate } from '../i18n/calendar-date.ts';
import { m } from '../paraglide/messages.js';
import AuditSearch from './AuditSearch.svelte';

const ID = 'a'.repeat(24);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The search of an administrator at a server that has no entry. @returns the searches that were made */
function show(account?: string) {
  const asked = serve(() => ({ entries: [], next: null }));
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue(ID);
  const given = account === undefined ? {} : { account };
  render(WithApp<ComponentProps<typeof AuditSearch>>, { app, component: AuditSearch, given });
  return () => asked.map(({ path }) => Object.fromEntries(new URL(path, 'https://clinic.org').searchParams));
}
const type = (label: string, value: string): Promise<boolean> =>
  fireEvent.input(screen.getByLabelText(label), { target: { value } });
const search = (): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: m['audit.search']() }));
const instant = (local: string): string => new Date(local).toISOString();

it('says in words that dates are the wrong way round, instead of finding nothing', async () => {
  const searches = show();
  await type(m['audit.from'](), '2030-06-02');
  await type(m['audit.to'](), '2030-06-01');
  await search();
  const words = m['audit.datesSwapped']({ from: formatLongDate('2030-06-02'), to: formatLongDate('2030-06-01') });
  expect(screen.getAllByText(words).length).toBeGreaterThan(0);
  const from = screen.getByLabelText(m['audit.from']());
  expect(from.getAttribute('aria-invalid')).toBe('true');
  expect([searches(), screen.queryAllByText(m['audit.none']())]).toEqual([[], []]);
  await type(m['audit.to'](), '2030-06-02');
  expect(screen.queryByText(words)).toBeNull();
  await search();
  expect((await screen.findAllByText(m['audit.none']())).length).toBeGreaterThan(0);
  expect(searches()).toMatchObject([
    { from: instant('2030-06-02T00:00:00.000'), to: instant('2030-06-02T23:59:59.999') },
  ]);
});

it.each([
  ['an account', m['audit.accountId'], m['audit.needId']],
  ['a patient', m['audit.patientId'], m['audit.needId']],
  ['a request', m['audit.requestId'], m['audit.needRequest']],
] as const)('asks for no entries of what cannot be the id of %s', async (_what, label, words) => {
  const searches = show();
  await type(label(), 'Ana Souza');
  await search();
  expect(screen.getAllByText(words()).length).toBeGreaterThan(0);
  expect(searches()).toEqual([]);
});

it('shows the entries of the account that the address names at once, and of nothing else that stands there', async () => {
  const searches = show(ID);
  await screen.findAllByText(m['audit.none']());
  expect(searches()).toEqual([{ accountId: ID }]);
  cleanup();
  const others = show('<script>');
  expect([others(), screen.getByLabelText(m['audit.accountId']())]).toMatchObject([[], { value: '' }]);
});

it('leads to the result after a search, and back to the fields that made room for it', async () => {
  show();
  await search();
  const result = await screen.findByRole('heading', { name: m['audit.result']() });
  await expect.poll(() => document.activeElement).toBe(result);
  await fireEvent.click(screen.getByRole('button', { name: m['audit.changeSearch']() }));
  await expect.poll(() => document.activeElement).toBe(screen.getByLabelText(m['audit.what']()));
  expect(screen.queryByRole('button', { name: m['audit.changeSearch']() })).toBeNull();
});
