import { describe, expect, it } from 'vitest';
import { errorCodeSchema } from '../errors.ts';
import { dtlsParametersSchema, rtpParametersSchema } from './rtp.ts';
import { mediaEvents, mediaHandshakeSchema, mediaRequests, type MediaRequest } from './protocol.ts';

const RESERVED_BY_SOCKET_IO = [
  'connect',
  'connect_error',
  'disconnect',
  'disconnecting',
  'newListener',
  'removeListener',
];

describe('the media protocol', () => {
  it('uses no name that Socket.IO keeps for itself', () => {
    for (const name of [...Object.keys(mediaRequests), ...Object.keys(mediaEvents)]) {
      expect(RESERVED_BY_SOCKET_IO).not.toContain(name);
    }
  });

  it.each(Object.entries<MediaRequest>(mediaRequests))(
    '%s refuses unknown fields and names known errors',
    (_name, request) => {
      const issues = request.payload.safeParse({ surprise: true }).error?.issues ?? [];
      expect(issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
      for (const code of request.errors) errorCodeSchema.parse(code);
    },
  );

  it('takes a token or a kept place while connecting, not both and not neither', () => {
    const kept = { peerId: crypto.randomUUID(), sessionSecret: 's'.repeat(43) };
    expect(mediaHandshakeSchema.safeParse({ protocolVersion: 1, token: 't' }).success).toBe(true);
    expect(mediaHandshakeSchema.safeParse({ protocolVersion: 1, ...kept }).success).toBe(true);
    expect(mediaHandshakeSchema.safeParse({ protocolVersion: 1, token: 't', ...kept }).success).toBe(false);
    expect(mediaHandshakeSchema.safeParse({ protocolVersion: 1 }).success).toBe(false);
  });

  it('refuses an empty fingerprint list, which has killed workers elsewhere', () => {
    expect(dtlsParametersSchema.safeParse({ role: 'client', fingerprints: [] }).success).toBe(false);
  });

  it('bounds codec parameters, encodings and payload types', () => {
    const codec = { mimeType: 'video/VP8', payloadType: 96, clockRate: 90_000 };
    const valid = { codecs: [codec], encodings: [{ ssrc: 1 }] };
    expect(rtpParametersSchema.safeParse(valid).success).toBe(true);
    const tooMany = Object.fromEntries(Array.from({ length: 33 }, (_unused, index) => [`p${index}`, 1]));
    expect(rtpParametersSchema.safeParse({ ...valid, codecs: [{ ...codec, parameters: tooMany }] }).success).toBe(
      false,
    );
    expect(rtpParametersSchema.safeParse({ ...valid, codecs: [{ ...codec, payloadType: 128 }] }).success).toBe(false);
    expect(rtpParametersSchema.safeParse({ ...valid, encodings: Array(5).fill({ ssrc: 1 }) }).success).toBe(false);
  });
});
