import { HEADER_EXTENSION_URIS } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { routerCapabilities } from './codecs.ts';

describe('what a router routes', () => {
  const { codecs, headerExtensions } = routerCapabilities();

  function codec(mimeType: string) {
    return codecs.filter((one) => one.mimeType === mimeType);
  }

  it('is Opus in stereo with forward error correction and discontinuous transmission', () => {
    expect(codec('audio/opus')).toMatchObject([
      { clockRate: 48_000, channels: 2, parameters: { useinbandfec: 1, usedtx: 1 } },
    ]);
  });

  it('is VP8 first, then VP9, then H264 in two profiles for Safari', () => {
    const video = codecs.filter((one) => one.kind === 'video' && one.mimeType !== 'video/rtx');
    expect(video.map((one) => one.mimeType)).toEqual([
      'video/VP8',
      'video/VP9',
      'video/VP9',
      'video/H264',
      'video/H264',
    ]);
    expect(codec('video/H264').map((one) => one.parameters)).toMatchObject([
      { 'profile-level-id': '42e01f', 'packetization-mode': 1, 'level-asymmetry-allowed': 1 },
      { 'profile-level-id': '4d0032', 'packetization-mode': 1, 'level-asymmetry-allowed': 1 },
    ]);
  });

  it('can be sent again (RTX) for each video codec', () => {
    const video = codecs.filter((one) => one.kind === 'video' && one.mimeType !== 'video/rtx');
    const repaired = codec('video/rtx').map((one) => one.parameters?.['apt']);
    expect(repaired).toEqual(video.map((one) => one.preferredPayloadType));
  });

  it('is congestion-controlled over the whole transport', () => {
    for (const one of codecs.filter((other) => other.mimeType !== 'video/rtx')) {
      expect(one.rtcpFeedback).toContainEqual({ type: 'transport-cc', parameter: '' });
    }
    expect(headerExtensions.map((extension) => extension.uri)).toContain(
      'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
    );
  });

  it('names only header extensions that the contract knows', () => {
    expect(headerExtensions.length).toBeGreaterThan(0);
    for (const { uri } of headerExtensions) expect(HEADER_EXTENSION_URIS).toContain(uri);
  });
});
