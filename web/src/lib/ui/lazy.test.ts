import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import LazyHarness from './testing/LazyHarness.svelte';

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
