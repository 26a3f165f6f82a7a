import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import ClinicPhone from './ClinicPhone.svelte';

afterEach(() => vi.unstubAllGlobals());

it('shows the number of the clinic, ready to be dialled', async () => {
  serve(() => ({ phone: '+49 (30) 123-456' }));
  render(WithApp<Record<string, never>>, { component: ClinicPhone, given: {} });
  const link = (await screen.findByText('+49 (30) 123-456')).closest('a');
  expect(link?.getAttribute('href')).toBe('tel:+4930123456');
});

it('says nothing of a number where the clinic has named none', async () => {
  const asked = serve(() => ({ phone: null }));
  render(WithApp<Record<string, never>>, { component: ClinicPhone, given: {} });
  await expect.poll(() => asked.length).toBe(1);
  expect(screen.queryByText(m['help.phone']())).toBeNull();
});
