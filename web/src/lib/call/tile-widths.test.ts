import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RemotePeer } from './remote-peers.ts';
import { TileWidths, VIEW_DEBOUNCE_MS } from './tile-widths.ts';

const peer = (id: string, consumerId: string): RemotePeer => ({
  id,
  name: id,
  party: 'patient',
  reachable: true,
  tracks: { camera: { consumerId, paused: false }, microphone: { consumerId: `${consumerId}-voice`, paused: false } },
});

describe('tile widths', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('go out together once, with 0 for what is not shown and nothing for sound', async () => {
    const sent: unknown[] = [];
    const widths = TileWidths.create(
      () => [peer('a', '1'), peer('b', '2')],
      (tiles) => Promise.resolve(void sent.push(tiles)),
    );
    widths.set('a', 'camera', 100);
    widths.set('a', 'camera', 640);
    await vi.advanceTimersByTimeAsync(VIEW_DEBOUNCE_MS);
    const expected = [
      { consumerId: '1', widthPx: 640 },
      { consumerId: '2', widthPx: 0 },
    ];
    expect(sent).toEqual([expected]);
    widths.schedule();
    await vi.advanceTimersByTimeAsync(VIEW_DEBOUNCE_MS);
    expect(sent).toHaveLength(1);
    widths.forgetSent();
    await vi.advanceTimersByTimeAsync(VIEW_DEBOUNCE_MS);
    expect(sent).toEqual([expected, expected]);
  });

  it('are told again after a refusal', async () => {
    let refuse = true;
    const sent: unknown[] = [];
    const widths = TileWidths.create(
      () => [peer('a', '1')],
      (tiles) => (refuse ? Promise.reject(new Error('away')) : Promise.resolve(void sent.push(tiles))),
    );
    widths.set('a', 'camera', 320);
    await vi.advanceTimersByTimeAsync(VIEW_DEBOUNCE_MS);
    refuse = false;
    widths.schedule();
    await vi.advanceTimersByTimeAsync(VIEW_DEBOUNCE_MS);
    expect(sent).toEqual([[{ consumerId: '1', widthPx: 320 }]]);
  });
});
