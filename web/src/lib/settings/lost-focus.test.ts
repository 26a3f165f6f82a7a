import type { Session } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import DeviceList from './DeviceList.svelte';
import PasswordChange from './PasswordChange.svelte';

const press = (words: string, within = '*'): Promise<boolean> => {
  const button = screen.getByText(words, { selector: `${within} button span` }).closest('button') ?? document.body;
  button.focus();
  return fireEvent.click(button);
};

it('goes into the form for a new password when it opens, and back to what opened it', async () => {
  render(WithApp<Record<string, never>>, { component: PasswordChange, given: {} });
  await press(m['password.change']());
  await expect.poll(() => document.activeElement?.id).toBe('current-password');
  await press(m['action.cancel']());
  await expect.poll(() => document.activeElement?.textContent).toContain(m['password.change']());
});

it('stays at the list of devices when one of them is signed out', async () => {
  const device = { kind: 'computer', browser: 'Firefox', system: 'Linux' } as const;
  const sessionOf = (id: string, current: boolean): Session => ({
    id: id.repeat(24),
    device,
    current,
    createdAt: '2030-05-06T10:00:00.000Z',
    lastUsedAt: '2030-05-06T10:00:00.000Z',
  });
  let sessions = [sessionOf('a', true), sessionOf('b', false)];
  const given = {
    read: () => Promise.resolve(sessions),
    end: () => Promise.resolve((sessions = sessions.slice(0, 1))),
    endAll: () => Promise.resolve(),
    words: { endAll: 'All', endAllText: 'All of them' },
  };
  render(WithApp<ComponentProps<typeof DeviceList>>, { component: DeviceList, given });
  await screen.findByText(m['devices.this']());
  await press(m['menu.signOut'](), 'li');
  await press(m['menu.signOut'](), 'dialog');
  await expect.poll(() => document.activeElement?.tagName).toBe('UL');
});
