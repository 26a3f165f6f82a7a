import type { Notification } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import BellButton from './BellButton.svelte';
import BellDialog from './BellDialog.svelte';
import { notificationOf } from './testing/notification.ts';

const [newer, older] = [notificationOf('2'), notificationOf('1')];

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** What is under the bell of somebody at a server that answers a reading with this. */
async function show(list: readonly Notification[], unread: number, read: () => unknown = () => ({ unread: 0 })) {
  const asked = serve(({ method }) => (method === 'GET' ? { notifications: list, unread, next: null } : read()));
  const app = App.create();
  vi.spyOn(app.session, 'speaker').mockReturnValue('b'.repeat(24));
  const onclose = vi.fn<() => void>();
  const given = { onclose };
  render(WithApp<ComponentProps<typeof BellDialog>>, { app, component: BellDialog, given });
  render(WithApp<ComponentProps<typeof BellButton>>, { app, component: BellButton, given: {} });
  await expect.poll(() => app.bell.list.items?.length).toBe(list.length);
  return { app, onclose, readings: () => asked.filter(({ method }) => method !== 'GET').map(({ body }) => body) };
}
const rows = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('dialog li a')];
const count = (): string | undefined => document.querySelector('.count')?.textContent;

it('counts what is unread for eyes and ears, and marks all of it as read', async () => {
  const { readings } = await show([newer, older], 2);
  await expect.poll(count).toBe('2');
  expect(screen.getByText(m['news.unread']({ n: 2 }))).toBeTruthy();
  expect(rows().map((row) => row.textContent.includes(m['news.new']()))).toEqual([true, true]);
  await fireEvent.click(screen.getByRole('button', { name: m['news.readAll']() }));
  await expect.poll(count).toBeUndefined();
  expect(readings()).toEqual([{ upTo: newer.id }]);
  expect(rows().map((row) => row.textContent.includes(m['news.new']()))).toEqual([false, false]);
  expect(screen.queryByRole('button', { name: m['news.readAll']() })).toBeNull();
});

it('shows no more than two digits', async () => {
  await show([newer], 100);
  await expect.poll(count).toBe(m['news.many']({ n: '99' }));
});

it('marks the one that is followed as read, and leads to what it is about', async () => {
  const note = notificationOf('3', { kind: 'note-shared' });
  const { onclose, readings } = await show([note, older], 2);
  expect(rows().map((row) => row.getAttribute('href'))).toEqual([
    `/appointments/${note.appointmentId}/note`,
    `/appointments/${older.appointmentId}`,
  ]);
  await fireEvent.click(rows()[1] ?? document.body);
  await expect.poll(readings).toEqual([{ from: older.id, upTo: older.id }]);
  expect(onclose).toHaveBeenCalledOnce();
});

it('marks nothing again that was read before', async () => {
  const { onclose, readings } = await show([{ ...older, readAt: '2030-01-01T09:00:00.000Z' }], 0);
  await fireEvent.click(rows()[0] ?? document.body);
  expect([onclose.mock.calls.length, readings()]).toEqual([1, []]);
});

it('says that it could not be marked, and keeps it unread', async () => {
  await show([newer], 1, () => refused('unavailable'));
  await fireEvent.click(screen.getByRole('button', { name: m['news.readAll']() }));
  expect((await screen.findByRole('alert')).textContent).toContain(m['net.serverDown']());
  expect([count(), rows()[0]?.textContent.includes(m['news.new']())]).toEqual(['1', true]);
});
