import { fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { notificationOf } from '../notifications/testing/notification.ts';
import { m } from '../paraglide/messages.js';
import NewsList from './NewsList.svelte';

const READ_AT = '2030-01-01T00:00:00.000Z';
const rows = (): string[] => screen.queryAllByRole('link').map((link) => link.getAttribute('href') ?? '');

/** The list as after a fresh connection. */
function show(): void {
  const app = App.create();
  render(WithApp<Record<string, never>>, { component: NewsList, given: {}, app });
  void app.bell.list.load();
}

afterEach(() => vi.unstubAllGlobals());

it('has the newest news that were not read yet, and a way to all of them', async () => {
  const news = ['6', '5', '4', '3', '2'].map((id) => notificationOf(id));
  serve(() => ({ notifications: [...news, notificationOf('1', { readAt: READ_AT })], unread: 5, next: null }));
  show();
  await expect.poll(() => rows().length).toBe(4);
  // What it is stands there in words, with how much of it is not shown.
  for (const words of [m['home.newsTitle'](), m['home.newsHint'](), m['home.newsMore']({ n: 1 })]) {
    expect(screen.getByText(words)).toBeTruthy();
  }
  await fireEvent.click(screen.getByText(m['home.allNews']()).closest('button') ?? document.body);
  await screen.findByText(m['news.readAll']());
});

it('marks what is followed as read, and says when nothing is left', async () => {
  const asked = serve(({ method }) =>
    method === 'GET' ? { notifications: [notificationOf('1')], unread: 1, next: null } : { unread: 0 },
  );
  show();
  await fireEvent.click(await screen.findByRole('link'));
  await screen.findByText(m['home.newsNone']());
  expect(asked.at(-1)?.body).toEqual({ from: notificationOf('1').id, upTo: notificationOf('1').id });
});

it('does not say that nothing is new while the bell has something older', async () => {
  const read = ['3', '2'].map((id) => notificationOf(id, { readAt: READ_AT }));
  serve(() => ({ notifications: read, unread: 2, next: notificationOf('2').id }));
  show();
  expect(await screen.findByText(m['home.newsMore']({ n: 2 }))).toBeTruthy();
  expect(screen.queryByText(m['home.newsNone']())).toBeNull();
});

it('speaks of no more where all are shown, and goes on where one cannot be marked as read', async () => {
  serve(({ method }) =>
    method === 'GET' ? { notifications: [notificationOf('1')], unread: 1, next: null } : refused('unavailable'),
  );
  const failed = vi.fn<() => void>();
  process.once('unhandledRejection', failed);
  show();
  const row = await screen.findByRole('link');
  expect(screen.queryByText(m['home.newsMore']({ n: 0 }))).toBeNull();
  await fireEvent.click(row);
  await new Promise((resolve) => setTimeout(resolve));
  process.off('unhandledRejection', failed);
  expect([rows().length, failed.mock.calls.length]).toEqual([1, 0]);
});

it('says why there is no list, and reads it again', async () => {
  let answers = false;
  serve(() => (answers ? { notifications: [notificationOf('1')], unread: 1, next: null } : refused('unavailable')));
  show();
  await screen.findByText(m['net.serverDown']());
  answers = true;
  await fireEvent.click(screen.getByText(m['action.tryAgain']()).closest('button') ?? document.body);
  await screen.findByRole('link');
  await expect.poll(() => document.activeElement?.textContent).toBe(m['home.newsTitle']());
});
