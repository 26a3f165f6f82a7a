import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import SecondFactor from './SecondFactor.svelte';

const CODES = Array.from({ length: 10 }, (_unused, index) => `aaaa-bbbb-cccc-ddd${index}`);

afterEach(() => vi.unstubAllGlobals());

const press = async (name: string): Promise<void> => {
  const [button] = await screen.findAllByText(name, { selector: 'button span, button' });
  await fireEvent.click(button?.closest('button') ?? document.body);
};
const dialog = (): HTMLDialogElement | null => document.querySelector('dialog[open]');

it('keeps recovery codes in sight until somebody says that they have them', async () => {
  serve(({ method, path }) => {
    if (method === 'GET') return { enabled: false, required: false, recoveryCodesLeft: 0 };
    if (path.endsWith('/confirm')) return { recoveryCodes: CODES };
    return { secret: 'ABCDEFGHIJKLMNOP', uri: 'otpauth://totp/x?secret=ABCDEFGHIJKLMNOP' };
  });
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('d'.repeat(24));
  render(WithApp<ComponentProps<typeof SecondFactor>>, { component: SecondFactor, given: {}, app });
  await press(m['factor.setUp']());
  await fireEvent.input(screen.getByLabelText(m['password.current']()), { target: { value: 'a long password' } });
  await press(m['action.next']());
  const code = await screen.findByRole('textbox');
  expect(screen.queryAllByLabelText(m['action.close']()).length).toBeGreaterThan(0);
  await fireEvent.input(code, { target: { value: '123456' } });
  await press(m['setup.submit']());
  await screen.findByText(CODES[0] ?? '');

  dialog()?.dispatchEvent(new Event('cancel', { cancelable: true }));
  await fireEvent.click(dialog() ?? document.body);
  expect(dialog()?.querySelector(`[aria-label="${m['action.close']()}"]`)).toBeNull();
  expect(screen.queryByText(CODES[1] ?? '')).not.toBeNull();
  await press(m['recovery.done']());
  await expect.poll(() => screen.queryByText(CODES[0] ?? '')).toBeNull();
});
