import { afterEach, expect, it, vi } from 'vitest';
import { storeDeviceChoice } from './call/device-choice.ts';
import { LocalMedia } from './call/local-media.ts';
import { rememberCall } from './consultation/returning.ts';
import { RoomPreferences } from './consultation/room-preferences.svelte.ts';
import { storeTheme } from './session/theme.ts';

const setItem = vi.fn(() => {
  throw new DOMException('No room', 'QuotaExceededError');
});
const full = { getItem: () => null, setItem, removeItem: () => undefined } as unknown as Storage;

afterEach(() => void vi.unstubAllGlobals());

it.each([
  ['a speaker', () => storeDeviceChoice(full, { speaker: 'headset' })],
  ['a theme', () => storeTheme(full, 'dark')],
  ['the place in a call', () => rememberCall(full, 'c1', ['camera'])],
])('takes %s that the browser cannot remember', (_what, choose) => {
  setItem.mockClear();
  expect(choose).not.toThrow();
  expect(setItem).toHaveBeenCalledOnce();
});

it('changes the microphone although the browser cannot remember it', async () => {
  const changed = vi.fn();
  const local = LocalMedia.create(undefined, full);
  local.on('changed', changed);
  await local.choose('microphone', 'headset');
  expect(changed).toHaveBeenCalledOnce();
});

it('keeps the preferences of the room for this visit', () => {
  vi.stubGlobal('localStorage', full);
  const preferences = RoomPreferences.create(true);
  preferences.change({ fit: 'fill' });
  expect(preferences.fit).toBe('fill');
});
