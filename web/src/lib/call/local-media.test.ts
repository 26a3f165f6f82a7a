import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeLocalMedia } from './testing/room.ts';

beforeEach(() => {
  localStorage.clear();
  vi.stubGlobal('isSecureContext', true);
  vi.stubGlobal('RTCPeerConnection', vi.fn());
});
afterEach(() => void vi.unstubAllGlobals());

describe('choosing another microphone', () => {
  it('keeps a muted person muted, at every moment', async () => {
    const { local } = fakeLocalMedia();
    await local.open(['microphone']);
    await local.setMicrophone(false);
    const heard: boolean[] = [];
    local.on('changed', () => heard.push(local.isOn('microphone') || local.track('microphone')?.enabled === true));
    await local.choose('microphone', 'headset');
    expect(local.chosen('microphone')).toBe('headset');
    expect(heard).not.toContain(true);
    expect(heard.length).toBeGreaterThan(0);
  });

  it('keeps it on for a person who is on', async () => {
    const { local } = fakeLocalMedia();
    await local.open(['microphone']);
    await local.choose('microphone', 'headset');
    expect(local.isOn('microphone')).toBe(true);
    expect(local.track('microphone')?.enabled).toBe(true);
  });

  it('obeys a mute that comes while the microphone is on its way', async () => {
    const { local, devices } = fakeLocalMedia();
    await local.open(['microphone']);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    devices.before = () => promise;
    const choosing = local.choose('microphone', 'headset');
    await local.setMicrophone(false);
    resolve(undefined);
    await choosing;
    expect(local.isOn('microphone')).toBe(false);
    expect(local.track('microphone')?.enabled).toBe(false);
  });

  it('is not switched off by the failure of an earlier choice', async () => {
    const { local, devices } = fakeLocalMedia();
    await local.open(['microphone']);
    await local.choose('microphone', 'first');
    const { promise, reject } = Promise.withResolvers<undefined>();
    devices.before = () => promise;
    const problems: unknown[] = [];
    local.on('problem', (problem) => problems.push(problem));
    const busy = local.open(['microphone']);
    devices.before = () => Promise.resolve(undefined);
    await local.choose('microphone', 'headset');
    reject(new DOMException('In use', 'NotReadableError'));
    await busy;
    expect(local.isOn('microphone')).toBe(true);
    expect(problems).toEqual([]);
  });
});
