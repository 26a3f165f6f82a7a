import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import { tabStorage } from '../storage.ts';
import LazyHarness from './testing/LazyHarness.svelte';

/** Whether the server is there when that is asked. */
const isServer = (there: boolean) =>
  vi
    .spyOn(globalThis, 'fetch')
    .mockImplementation(() =>
      there ? Promise.resolve(new Response()) : Promise.reject(new TypeError('Failed to fetch')),
    );

beforeEach(() => void isServer(true));
afterEach(() => vi.restoreAllMocks());
const failing = () => Promise.reject<string>(new TypeError('Failed to fetch'));

it.each([
  ['that the connection may be the reason, without one', false, m['error.offline']],
  ['that something went wrong, with one', true, m['error.other']],
] as const)('says %s', async (_what, onLine, words) => {
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
  render(LazyHarness, { load: failing });
  expect((await screen.findByRole('alert')).textContent).toContain(words());
});

it('says it in a dialog where the part is one, which can be closed', async () => {
  const onclose = vi.fn<() => void>();
  render(LazyHarness, { load: failing, dialog: { title: 'Notifications', onclose } });
  const dialog = (await screen.findByRole('alert')).closest('dialog');
  expect([dialog?.open, dialog?.querySelector('h2')?.textContent]).toEqual([true, 'Notifications']);
  await fireEvent.click(screen.getByLabelText(m['action.close']()));
  expect(onclose).toHaveBeenCalledOnce();
});

it('says that a part could not be loaded, and loads it again when it is asked to, at last with the page', async () => {
  const load = vi.fn<() => Promise<string>>();
  load.mockRejectedValueOnce(new TypeError('offline')).mockRejectedValueOnce(new TypeError('offline'));
  load.mockResolvedValue('here');
  const reload = vi.spyOn(location, 'reload').mockReturnValue();
  render(LazyHarness, { load });
  await screen.findByRole('alert');
  const again = (): HTMLElement => screen.getByText(m['action.tryAgain']()).closest('button') ?? document.body;
  await fireEvent.click(again());
  await expect.poll(() => [load.mock.calls.length, screen.queryAllByRole('alert').length]).toEqual([2, 1]);
  expect(reload).not.toHaveBeenCalled();
  await fireEvent.click(again());
  await screen.findByText('here');
  expect([screen.queryByRole('alert'), reload.mock.calls.length]).toEqual([null, 1]);
});

it.each([
  ['while the device is offline', () => vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)],
  ['while the server is not reached', () => isServer(false)],
  ['that holds what storage does not take', () => vi.spyOn(tabStorage, 'isForgetful', 'get').mockReturnValue(true)],
])('does not load a page anew %s', async (_when, arrange) => {
  arrange();
  const reload = vi.spyOn(location, 'reload').mockReturnValue();
  const load = vi.fn<() => Promise<string>>(failing);
  render(LazyHarness, { load });
  for (const tries of [2, 3]) {
    await screen.findByRole('alert');
    await fireEvent.click(screen.getByText(m['action.tryAgain']()).closest('button') ?? document.body);
    await expect.poll(() => [load.mock.calls.length, screen.queryAllByRole('alert').length]).toEqual([tries, 1]);
  }
  expect(reload).not.toHaveBeenCalled();
});
