import { HEADER_EXTENSION_URIS, rtpCapabilitiesSchema, type RtpCapabilities } from '@health-connect/contract';
import { ortc, type types } from 'mediasoup';
import { wireForm } from './wire-form.ts';

/**
 * Codecs of every router, best choice for most browsers first. mediasoup adds RTX (RFC 4588) to each video codec
 * and the feedback it supports: NACK, PLI, FIR and transport-wide congestion control.
 * H264 is there for Safari and for hardware encoders: constrained baseline and main, single NAL units aggregated.
 */
export const ROUTER_CODECS: types.RouterRtpCodecCapability[] = [
  {
    kind: 'audio',
    mimeType: 'audio/opus',
    clockRate: 48_000,
    channels: 2,
    // RFC 7587: in-band forward error correction, and silence that sends nearly nothing.
    parameters: { useinbandfec: 1, usedtx: 1 },
  },
  { kind: 'video', mimeType: 'video/VP8', clockRate: 90_000 },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 0 } },
  { kind: 'video', mimeType: 'video/VP9', clockRate: 90_000, parameters: { 'profile-id': 2 } },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '42e01f', 'level-asymmetry-allowed': 1 },
  },
  {
    kind: 'video',
    mimeType: 'video/H264',
    clockRate: 90_000,
    parameters: { 'packetization-mode': 1, 'profile-level-id': '4d0032', 'level-asymmetry-allowed': 1 },
  },
];

const knownExtensions: ReadonlySet<string> = new Set(HEADER_EXTENSION_URIS);

/** What clients are told that a router can route: mediasoup's answer without extensions that the contract lacks. */
export function routerCapabilities(): RtpCapabilities {
  const all = ortc.generateRouterRtpCapabilities(structuredClone(ROUTER_CODECS));
  const headerExtensions = (all.headerExtensions ?? []).filter((extension) => knownExtensions.has(extension.uri));
  return rtpCapabilitiesSchema.parse(wireForm({ codecs: all.codecs ?? [], headerExtensions }));
}
