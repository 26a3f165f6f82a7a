import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import LazyHarness from './testing/LazyHarness.svelte';

it('says that a part could not be loaded, and loads it again when it is asked to', async () => {
  const load = vi.fn<() => Promise<string>>();
  load.mockRejectedValueOnce(new TypeError('offline')).mockRejectedValueOnce(new TypeError('offline'));
  load.mockResolvedValue('here');
  render(LazyHarness, { load });
  await screen.findByRole('alert');
  expect(screen.queryByText(m['prepare.reload']())).toBeNull();
  const again = (): HTMLElement => screen.getByText(m['action.tryAgain']()).closest('button') ?? document.body;
  await fireEvent.click(again());
  await screen.findByText(m['prepare.reload']());
  await fireEvent.click(again());
  await screen.findByText('here');
  expect(screen.queryByRole('alert')).toBeNull();
});
