import { z } from 'zod';
import { mediaObjectIdSchema } from '../ids.ts';

// Bounded mirrors of the WebRTC structures that cross the wire (names as in mediasoup v3 and ORTC).
// Unknown fields are dropped; unknown values are refused before they can reach a worker.

export const mediaKindSchema = z.enum(['audio', 'video']);
export type MediaKind = z.infer<typeof mediaKindSchema>;

const payloadTypeSchema = z.int().min(0).max(127);
const ssrcSchema = z.int().min(0).max(4_294_967_295);
const mimeTypeSchema = z.string().regex(/^(audio|video)\/[A-Za-z0-9.-]{1,40}$/);
const headerExtensionIdSchema = z.int().min(1).max(255);

/** Header extensions that both ends know. */
export const HEADER_EXTENSION_URIS = [
  'urn:ietf:params:rtp-hdrext:sdes:mid',
  'urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id',
  'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
  'urn:3gpp:video-orientation',
  'http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time',
  'http://www.webrtc.org/experiments/rtp-hdrext/playout-delay',
  'urn:mediasoup:params:rtp-hdrext:packet-id',
] as const;
const headerExtensionUriSchema = z.enum(HEADER_EXTENSION_URIS);

const codecParametersSchema = z
  .record(z.string().max(64), z.union([z.string().max(256), z.number(), z.boolean(), z.null()]))
  .refine((parameters) => Object.keys(parameters).length <= 32, { error: 'Too many codec parameters' });

const rtcpFeedbackSchema = z.object({ type: z.string().max(32), parameter: z.string().max(32).exactOptional() });

const codecCapabilitySchema = z.object({
  kind: mediaKindSchema,
  mimeType: mimeTypeSchema,
  preferredPayloadType: payloadTypeSchema,
  clockRate: z.int().min(1).max(192_000),
  channels: z.int().min(1).max(8).exactOptional(),
  parameters: codecParametersSchema.exactOptional(),
  rtcpFeedback: z.array(rtcpFeedbackSchema).max(16).exactOptional(),
});

const headerExtensionSchema = z.object({
  kind: mediaKindSchema,
  uri: headerExtensionUriSchema,
  preferredId: headerExtensionIdSchema,
  preferredEncrypt: z.boolean().exactOptional(),
  direction: z.enum(['sendrecv', 'sendonly', 'recvonly', 'inactive']).exactOptional(),
});

/** What an end can receive, or what a router can route. */
export const rtpCapabilitiesSchema = z.object({
  codecs: z.array(codecCapabilitySchema).max(64),
  headerExtensions: z.array(headerExtensionSchema).max(64),
});
export type RtpCapabilities = z.infer<typeof rtpCapabilitiesSchema>;

const codecSchema = z.object({
  mimeType: mimeTypeSchema,
  payloadType: payloadTypeSchema,
  clockRate: z.int().min(1).max(192_000),
  channels: z.int().min(1).max(8).exactOptional(),
  parameters: codecParametersSchema.exactOptional(),
  rtcpFeedback: z.array(rtcpFeedbackSchema).max(16).exactOptional(),
});

const encodingSchema = z.object({
  ssrc: ssrcSchema.exactOptional(),
  rid: z
    .string()
    .regex(/^[A-Za-z0-9]{1,16}$/)
    .exactOptional(),
  codecPayloadType: payloadTypeSchema.exactOptional(),
  rtx: z.object({ ssrc: ssrcSchema }).exactOptional(),
  dtx: z.boolean().exactOptional(),
  scalabilityMode: z
    .string()
    .regex(/^[LS][1-9]T[1-9](_KEY(_SHIFT)?|h)?$/)
    .exactOptional(),
  maxBitrate: z.int().min(1).max(50_000_000).exactOptional(),
});

/** What one track is sent or received with. */
export const rtpParametersSchema = z.object({
  mid: z.string().max(32).exactOptional(),
  codecs: z.array(codecSchema).min(1).max(16),
  headerExtensions: z
    .array(
      z.object({
        uri: headerExtensionUriSchema,
        id: headerExtensionIdSchema,
        encrypt: z.boolean().exactOptional(),
        parameters: codecParametersSchema.exactOptional(),
      }),
    )
    .max(32)
    .exactOptional(),
  encodings: z.array(encodingSchema).min(1).max(4),
  rtcp: z
    .object({ cname: z.string().max(256).exactOptional(), reducedSize: z.boolean().exactOptional() })
    .exactOptional(),
  msid: z.string().max(256).exactOptional(),
});
export type RtpParameters = z.infer<typeof rtpParametersSchema>;

export const iceParametersSchema = z.object({
  usernameFragment: z.string().min(4).max(256),
  password: z.string().min(22).max(256),
  iceLite: z.boolean().exactOptional(),
});
export type IceParameters = z.infer<typeof iceParametersSchema>;

export const iceCandidateSchema = z.object({
  foundation: z.string().max(64),
  priority: z.int().min(0).max(4_294_967_295),
  ip: z.string().max(255),
  address: z.string().max(255),
  protocol: z.enum(['udp', 'tcp']),
  port: z.int().min(1).max(65_535),
  type: z.literal('host'),
  tcpType: z.literal('passive').exactOptional(),
});

/** An empty fingerprint list once killed workers (mediasoup issue 537): at least one is required. */
export const dtlsParametersSchema = z.object({
  role: z.enum(['auto', 'client', 'server']).exactOptional(),
  fingerprints: z
    .array(
      z.object({
        algorithm: z.enum(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']),
        value: z.string().regex(/^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){19,63}$/),
      }),
    )
    .min(1)
    .max(8),
});
export type DtlsParameters = z.infer<typeof dtlsParametersSchema>;

/** The server's end of a WebRTC transport, as the browser needs it. */
export const transportOptionsSchema = z.object({
  id: mediaObjectIdSchema,
  iceParameters: iceParametersSchema,
  iceCandidates: z.array(iceCandidateSchema).min(1).max(32),
  dtlsParameters: dtlsParametersSchema,
});
export type TransportOptions = z.infer<typeof transportOptionsSchema>;
