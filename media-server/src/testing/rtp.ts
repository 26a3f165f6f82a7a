import type { DtlsParameters, RtpCapabilities, RtpParameters } from '@health-connect/contract';

// What a Chromium sends and can receive, cut down to what the engine reads.

const MID = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const RID = 'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id';
const TRANSPORT_CC = 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01';
const AUDIO_LEVEL = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

const videoFeedback = [
  { type: 'transport-cc' },
  { type: 'ccm', parameter: 'fir' },
  { type: 'nack' },
  { type: 'nack', parameter: 'pli' },
];

let lastSsrc = 10_000_000;
function nextSsrc(): number {
  lastSsrc += 1;
  return lastSsrc;
}

/** Opus with forward error correction and discontinuous transmission. */
export function opusParameters(mid = '0'): RtpParameters {
  return {
    mid,
    codecs: [
      {
        mimeType: 'audio/opus',
        payloadType: 111,
        clockRate: 48_000,
        channels: 2,
        parameters: { minptime: 10, useinbandfec: 1, usedtx: 1 },
        rtcpFeedback: [{ type: 'transport-cc' }],
      },
    ],
    headerExtensions: [
      { uri: MID, id: 4 },
      { uri: TRANSPORT_CC, id: 3 },
      { uri: AUDIO_LEVEL, id: 1 },
    ],
    encodings: [{ ssrc: nextSsrc(), dtx: true }],
    rtcp: { cname: 'test', reducedSize: true },
  };
}

/** VP8 in three simulcast layers with RTX. */
export function vp8SimulcastParameters(mid = '1'): RtpParameters {
  return {
    mid,
    codecs: [
      { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000, rtcpFeedback: videoFeedback },
      { mimeType: 'video/rtx', payloadType: 97, clockRate: 90_000, parameters: { apt: 96 } },
    ],
    headerExtensions: [
      { uri: MID, id: 4 },
      { uri: RID, id: 10 },
      { uri: TRANSPORT_CC, id: 3 },
    ],
    encodings: [
      { rid: 'r0', maxBitrate: 150_000, scalabilityMode: 'L1T2' },
      { rid: 'r1', maxBitrate: 500_000, scalabilityMode: 'L1T2' },
      { rid: 'r2', maxBitrate: 1_500_000, scalabilityMode: 'L1T2' },
    ],
    rtcp: { cname: 'test', reducedSize: true },
  };
}

/** A browser that can receive everything that the router routes. */
export function receivesAll(router: RtpCapabilities): RtpCapabilities {
  return structuredClone(router);
}

export const clientDtls: DtlsParameters = {
  role: 'client',
  fingerprints: [
    {
      algorithm: 'sha-256',
      value: Array.from({ length: 32 }, (_, index) => index.toString(16).padStart(2, '0').toUpperCase()).join(':'),
    },
  ],
};
