import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import CoveredDialogs from './testing/CoveredDialogs.svelte';
import OpenedDialog from './testing/OpenedDialog.svelte';

function setUp(covered: boolean) {
  const onclose = vi.fn<() => void>();
  const { container, rerender } = render(CoveredDialogs, { covered, onclose });
  const [ofPage, signIn] = [...container.querySelectorAll('dialog')];
  if (ofPage === undefined || signIn === undefined) throw new Error('There are two dialogs');
  return { ofPage, signIn, rerender, onclose };
}

it('a dialog that must be answered opens again when the browser closes it all the same', async () => {
  const { signIn } = setUp(true);
  const field = signIn.querySelector('input');
  expect(signIn.open).toBe(true);
  // Escape twice in Chromium: its second cancel event cannot be prevented.
  signIn.close();
  await tick();
  expect(signIn.open).toBe(true);
  expect(signIn.querySelector('input')).toBe(field);
});

it('any other one tells that it was closed', async () => {
  const { ofPage, onclose } = setUp(false);
  ofPage.close();
  await tick();
  expect(onclose).toHaveBeenCalledOnce();
});

it('dialogs of a page that is out of sight step aside with what was typed in them, and come back', async () => {
  const { ofPage, signIn, rerender, onclose } = setUp(false);
  const words = ofPage.querySelector('textarea');
  if (words !== null) words.value = 'It hurts here';
  await rerender({ covered: true, onclose });
  expect([ofPage.open, signIn.open]).toEqual([false, true]);
  expect(ofPage.querySelector('textarea')).toBe(words);
  await rerender({ covered: false, onclose });
  expect([ofPage.open, signIn.open]).toEqual([true, false]);
  expect(ofPage.querySelector('textarea')?.value).toBe('It hurts here');
  expect(onclose).not.toHaveBeenCalled();
});

it('closes on a press outside, and not when words are selected out of it', async () => {
  const { ofPage, onclose } = setUp(false);
  const words = ofPage.querySelector('textarea') ?? ofPage;
  await fireEvent.pointerDown(words);
  await fireEvent.click(ofPage);
  expect(onclose).not.toHaveBeenCalled();
  await fireEvent.pointerDown(ofPage);
  await fireEvent.click(ofPage);
  expect(onclose).toHaveBeenCalledOnce();
});

const button = (name: string): HTMLElement => screen.getByRole('button', { name });
const press = async (name: string): Promise<void> => {
  button(name).focus();
  await fireEvent.click(button(name));
};

it.each([
  // What browsers make of Escape.
  ['Escape', () => fireEvent(screen.getByRole('dialog'), new Event('cancel', { cancelable: true }))],
  ['its cross', () => press(m['action.close']())],
  ['Cancel', () => press('Cancel')],
  ['a choice', () => press('Choose')],
])('a dialog that goes with %s gives the focus back to what opened it', async (_way, leave) => {
  render(OpenedDialog);
  await press('Change');
  await expect.poll(() => screen.queryByRole('dialog')).not.toBeNull();
  button('Cancel').focus();
  await leave();
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  await expect.poll(() => document.activeElement).toBe(button('Change'));
});

it('a dialog that takes what opened it with it leaves the focus to the heading of the page', async () => {
  render(OpenedDialog, { leaves: true });
  await press('Change');
  await press('Choose');
  await expect.poll(() => document.activeElement).toBe(screen.getByRole('heading', { level: 1 }));
});
