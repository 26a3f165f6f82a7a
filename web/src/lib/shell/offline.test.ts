import { fireEvent, render, screen } from '@testing-library/svelte';
import { tick, type ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import ErrorPage from '../../routes/+error.svelte';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { formatTime } from '../i18n/format.ts';
import { m } from '../paraglide/messages.js';
import { putServerAhead } from '../testing/server-ahead.ts';
import OfflineBanner from './OfflineBanner.svelte';

afterEach(() => {
  putServerAhead(0);
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const isOnLine = (onLine: boolean) => vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(onLine);
/** The device loses the internet, or has it again. */
async function turn(onLine: boolean): Promise<void> {
  isOnLine(onLine);
  await fireEvent(window, new Event(onLine ? 'online' : 'offline'));
}
const banner = (): string => screen.queryByRole('complementary')?.textContent ?? '';

function showBanner() {
  const app = App.create();
  const said = vi.spyOn(app.announcer, 'polite');
  render(WithApp<ComponentProps<typeof OfflineBanner>>, { app, component: OfflineBanner, given: {} });
  return said;
}
const words = (at: Date): string => m['net.offline']({ time: formatTime(at) });

it('says since when the device is offline, by the clock of the server, once, until it is back', async () => {
  vi.useFakeTimers({ now: new Date('2030-05-06T10:00:00.500') });
  putServerAhead(3 * 3_600_000);
  const said = showBanner();
  expect(banner()).toBe('');
  await turn(false);
  const since = new Date('2030-05-06T13:00:00');
  expect(banner()).toContain(words(since));
  expect(said.mock.calls).toEqual([[words(since)]]);
  vi.advanceTimersByTime(20 * 60_000);
  await tick();
  expect(banner()).toContain(words(since));
  await turn(true);
  expect(banner()).toBe('');
  vi.advanceTimersByTime(10 * 60_000);
  await turn(false);
  expect(banner()).toContain(words(new Date('2030-05-06T13:30:00')));
});

it('says so from the start where a page is opened without the internet', () => {
  isOnLine(false);
  showBanner();
  expect(screen.getByRole('complementary', { name: m['error.offlineTitle']() })).toBeTruthy();
});

/** What the server says when it is asked whether it is there. */
let answer: () => Promise<Response>;

function showError() {
  answer = () => Promise.resolve(new Response());
  vi.spyOn(globalThis, 'fetch').mockImplementation(() => answer());
  const reload = vi.spyOn(location, 'reload').mockReturnValue();
  const { unmount } = render(WithApp<ComponentProps<typeof ErrorPage>>, { component: ErrorPage, given: {} });
  const heading = screen.getByRole('heading', { level: 1 }).textContent;
  return {
    reload,
    unmount,
    heading,
    again: () => fireEvent.click(screen.getByRole('button', { name: m['action.tryAgain']() })),
  };
}

it('an error page says that the device is offline, stays while it is, and comes back by itself', async () => {
  isOnLine(false);
  const { reload, heading, again } = showError();
  expect([heading, document.title]).toEqual([
    m['error.offlineTitle'](),
    m['title.page']({ page: m['error.offlineTitle']() }),
  ]);
  expect(screen.getByText(m['error.offline']())).toBeTruthy();
  await again();
  expect(reload).not.toHaveBeenCalled();
  await turn(true);
  await expect.poll(() => reload.mock.calls.length).toBe(1);
});

const unreachable = (): Promise<Response> => Promise.reject(new TypeError('Failed to fetch'));

it('an error page is loaded anew only once the server answers: a device is online before it reaches anything', async () => {
  vi.useFakeTimers();
  isOnLine(false);
  const { reload } = showError();
  answer = unreachable;
  await turn(true);
  await vi.advanceTimersByTimeAsync(60_000);
  const tries = vi.mocked(fetch).mock.calls.length;
  expect([tries > 5, reload.mock.calls.length]).toEqual([true, 0]);
  // Offline again: nothing is asked until it is back.
  await turn(false);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(vi.mocked(fetch).mock.calls.length).toBe(tries);
  await turn(true);
  await vi.advanceTimersByTimeAsync(1);
  answer = () => Promise.resolve(new Response(null, { status: 503 }));
  await vi.advanceTimersByTimeAsync(60_000);
  expect(reload).toHaveBeenCalledOnce();
});

it('an error page says that nothing is reached when it is asked to load anew, and goes on trying', async () => {
  vi.useFakeTimers();
  isOnLine(true);
  const { reload, again } = showError();
  answer = unreachable;
  await again();
  await vi.advanceTimersByTimeAsync(1);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(m['error.offlineTitle']());
  answer = () => Promise.resolve(new Response());
  await vi.advanceTimersByTimeAsync(10_000);
  expect(reload).toHaveBeenCalledOnce();
});

it('an error page that is left asks for nothing any more', async () => {
  vi.useFakeTimers();
  isOnLine(false);
  const { reload, unmount } = showError();
  answer = unreachable;
  await turn(true);
  await vi.advanceTimersByTimeAsync(1);
  unmount();
  answer = () => Promise.resolve(new Response());
  await vi.advanceTimersByTimeAsync(60_000);
  expect([vi.mocked(fetch).mock.calls.length, reload.mock.calls.length]).toEqual([1, 0]);
});

it('an error page says so, too, where the device notices it only afterwards', async () => {
  isOnLine(true);
  const { reload } = showError();
  await turn(false);
  expect(screen.getByRole('heading', { level: 1 }).textContent).toBe(m['error.offlineTitle']());
  await turn(true);
  await expect.poll(() => reload.mock.calls.length).toBe(1);
});

it('an error page blames no connection that is there, and loads anew when it is asked to', async () => {
  isOnLine(true);
  const { reload, heading, again } = showError();
  expect(heading).toBe(m['error.otherTitle']());
  expect(screen.getByText(m['error.other']())).toBeTruthy();
  await turn(true);
  expect(reload).not.toHaveBeenCalled();
  await again();
  await expect.poll(() => reload.mock.calls.length).toBe(1);
});
