import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { tick, type ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import NewRecoveryCodes from './NewRecoveryCodes.svelte';
import SecondFactor from './SecondFactor.svelte';

const CODES = Array.from({ length: 10 }, (_unused, index) => `aaaa-bbbb-cccc-ddd${index}`);

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const press = async (name: string): Promise<void> => {
  const [button] = await screen.findAllByText(name, { selector: 'button span, button' });
  await fireEvent.click(button?.closest('button') ?? document.body);
};
const dialog = (): HTMLDialogElement | null => document.querySelector('dialog[open]');
/** Each way in which a dialog is closed by a slip: Escape, Escape twice, which no page can prevent, a press outside. */
async function slip(): Promise<void> {
  dialog()?.dispatchEvent(new Event('cancel', { cancelable: true }));
  await tick();
  dialog()?.close();
  await tick();
  const shown = dialog() ?? document.body;
  await fireEvent.pointerDown(shown);
  await fireEvent.click(shown);
}

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

  await slip();
  expect(dialog()?.querySelector(`[aria-label="${m['action.close']()}"]`)).toBeNull();
  expect(screen.queryByText(CODES[1] ?? '')).not.toBeNull();
  await press(m['recovery.done']());
  await expect.poll(() => screen.queryByText(CODES[0] ?? '')).toBeNull();
});

/** The dialog for new codes, at a server that answers so. */
function showNew(answer: () => unknown) {
  serve(answer);
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('d'.repeat(24));
  const onclose = vi.fn<() => void>();
  const given = { open: true, onclose };
  render(WithApp<ComponentProps<typeof NewRecoveryCodes>>, { component: NewRecoveryCodes, given, app });
  return onclose;
}
async function prove(): Promise<void> {
  await fireEvent.input(screen.getByLabelText(m['password.current']()), { target: { value: 'a long password' } });
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: '123456' } });
  await press(m['factor.makeCodes']());
}

it('keeps new recovery codes, which void the ones before, in sight in the same way', async () => {
  const onclose = showNew(() => ({ recoveryCodes: CODES }));
  await prove();
  await screen.findByText(CODES[0] ?? '');
  await slip();
  expect(dialog()?.querySelector(`[aria-label="${m['action.close']()}"]`)).toBeNull();
  expect([onclose.mock.calls.length, screen.queryByText(CODES[9] ?? '')?.isConnected]).toEqual([0, true]);
  await press(m['recovery.done']());
  expect(onclose).toHaveBeenCalledOnce();
  expect(screen.queryByText(CODES[0] ?? '')).toBeNull();
});

it('closes like any other dialog as long as no codes were made', async () => {
  const onclose = showNew(() => refused('second_factor_wrong'));
  await prove();
  expect((await screen.findByRole('alert')).textContent).toContain(m['step.wrong']());
  dialog()?.dispatchEvent(new Event('cancel', { cancelable: true }));
  expect(onclose).toHaveBeenCalledOnce();
});
