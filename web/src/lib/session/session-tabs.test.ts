import { afterEach, expect, it, vi } from 'vitest';
import { SessionTabs, type TabNews } from './session-tabs.ts';

const open: { close(): void }[] = [];
afterEach(() => {
  for (const each of open.splice(0)) each.close();
  vi.unstubAllGlobals();
});

function openTab() {
  const hear = vi.fn<(news: TabNews) => void>();
  const tab = SessionTabs.open(hear);
  open.push(tab);
  return { tab, hear };
}

it('tells the other tabs, not the own one, and drops what it does not understand', async () => {
  const [one, other] = [openTab(), openTab()];
  const stranger = new BroadcastChannel('hc.session');
  open.push(stranger);
  for (const nonsense of [
    null,
    'signed-out',
    { kind: 'x' },
    { kind: 'signed-in' },
    { kind: 'signed-in', accountId: 7 },
  ]) {
    stranger.postMessage(nonsense);
  }
  one.tab.tell({ kind: 'signed-in', accountId: 'a' });
  one.tab.tell({ kind: 'signed-out' });
  one.tab.tell({ kind: 'news-read', accountId: 'a' });
  await vi.waitFor(() => expect(other.hear).toHaveBeenCalledTimes(3));
  expect(other.hear.mock.calls).toEqual([
    [{ kind: 'signed-in', accountId: 'a' }],
    [{ kind: 'signed-out' }],
    [{ kind: 'news-read', accountId: 'a' }],
  ]);
  expect(one.hear).not.toHaveBeenCalled();
});

it('does without where the browser has no such channel', () => {
  vi.stubGlobal('BroadcastChannel', undefined);
  Reflect.deleteProperty(globalThis, 'BroadcastChannel');
  expect(() => openTab().tab.tell({ kind: 'signed-out' })).not.toThrow();
});
