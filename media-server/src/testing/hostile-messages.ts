import { mediaRequests, type MediaRequestName } from '@health-connect/contract';
import fc from 'fast-check';
import { clientDtls, opusParameters, vp8SimulcastParameters } from './rtp.ts';

/** Ids of things that belong to somebody else. */
export interface ForeignIds {
  readonly transportId: string;
  readonly producerId: string;
  readonly consumerId: string;
}

export interface HostileMessage {
  readonly name: string;
  readonly payloads: readonly unknown[];
}

/** Payloads that the schemas take, but that name things of others, or ask for what the sender has already. */
function almostGood(name: MediaRequestName, foreign: ForeignIds): Record<string, unknown> {
  const payloads: Record<MediaRequestName, Record<string, unknown>> = {
    join: { rtpCapabilities: { codecs: [], headerExtensions: [] } },
    resume: {},
    connectTransport: { transportId: foreign.transportId, dtlsParameters: clientDtls },
    restartIce: { transportId: foreign.transportId },
    produce: { kind: 'audio', source: 'microphone', rtpParameters: opusParameters(), paused: false },
    pauseProducer: { producerId: foreign.producerId },
    resumeProducer: { producerId: foreign.producerId },
    closeProducer: { producerId: foreign.producerId },
    resumeConsumer: { consumerId: foreign.consumerId },
    pauseConsumer: { consumerId: foreign.consumerId },
    setView: { tiles: [{ consumerId: foreign.consumerId, widthPx: 320 }] },
    leave: { reason: 'none' },
  };
  return payloads[name];
}

const junk = fc.oneof(
  fc.constantFrom<unknown>(null, -1, 1.5, 2 ** 53, 1e308, '', ' ', '0', [], [[]], {}, { $ne: null }, { toString: 1 }),
  fc.constantFrom<unknown>('__proto__', 'constructor', '../..', '\u0000', 'ÿ'.repeat(40), 'a'.repeat(9_000)),
  fc.constant(Buffer.from('binary')),
  fc.constant(Array.from({ length: 500 }, () => ({ consumerId: 'x', widthPx: 1 }))),
  fc.constant(Array.from({ length: 200 }).reduce<unknown>((inner) => [inner], 'deep')),
  fc.uuid(),
  fc.jsonValue({ maxDepth: 3 }),
);

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inner = Object.entries(value).flatMap(([key, child]) => pathsIn(child, [...path, key]));
  return path.length === 0 ? inner : [path, ...inner];
}

/** A copy in which the value at a path is another one, or gone. */
function changedAt(value: unknown, path: Path, change: (holder: object, key: string | number) => void): unknown {
  const copy: unknown = structuredClone(value);
  const last = path.at(-1);
  let holder: unknown = copy;
  for (const key of path.slice(0, -1)) {
    if (typeof holder === 'object' && holder !== null) holder = Reflect.get(holder, key);
  }
  if (typeof holder === 'object' && holder !== null && last !== undefined) change(holder, last);
  return copy;
}

function mutated(good: Record<string, unknown>): fc.Arbitrary<unknown> {
  const paths = pathsIn(good);
  if (paths.length === 0) return junk;
  const somewhere = fc.constantFrom(...paths);
  return fc.oneof(
    {
      weight: 4,
      arbitrary: fc
        .tuple(somewhere, junk)
        .map(([path, value]) => changedAt(good, path, (holder, key) => void Reflect.set(holder, key, value))),
    },
    {
      weight: 2,
      arbitrary: somewhere.map((path) =>
        changedAt(good, path, (holder, key) => void Reflect.deleteProperty(holder, key)),
      ),
    },
    { weight: 1, arbitrary: junk.map((value) => ({ ...good, extra: value })) },
    { weight: 1, arbitrary: fc.constant(good) },
    { weight: 2, arbitrary: junk },
  );
}

const requestNames = Object.keys(mediaRequests).filter((name): name is MediaRequestName =>
  Object.hasOwn(mediaRequests, name),
);
const unknownNames = fc.constantFrom(
  ...['', ' ', 'JOIN', 'consume', 'connectWebRtcTransport', 'error', 'message', 'ping', 'sync'],
  ...['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'peerLeft', 'removed', 'x'.repeat(300)],
);

/** Requests that would be legitimate by accident: an own leave, an empty view, a first good join. */
function isLegitimate(name: MediaRequestName, payloads: readonly unknown[], hasJoined: boolean): boolean {
  const parsed = mediaRequests[name].payload.safeParse(payloads[0]);
  if (!parsed.success || payloads.length !== 1) return false;
  if (name === 'leave') return true;
  if (name === 'setView') return JSON.stringify(parsed.data) === '{"tiles":[]}';
  return name === 'join' && !hasJoined;
}

/** Messages each of which must be refused. `hasJoined`: whether the sender is in the room, with a microphone. */
export function hostileMessages(foreign: ForeignIds, hasJoined: boolean): fc.Arbitrary<HostileMessage> {
  const known = fc
    .constantFrom(...requestNames)
    .chain((name) => mutated(almostGood(name, foreign)).map((payload) => ({ name, payloads: [payload] })))
    .filter(({ name, payloads }) => !isLegitimate(name, payloads, hasJoined));
  const wrongCount = fc
    .constantFrom(...requestNames)
    .chain((name) =>
      fc.constantFrom([], [almostGood(name, foreign), {}], [{}, {}, {}]).map((payloads) => ({ name, payloads })),
    );
  const unknown = fc.tuple(unknownNames, junk).map(([name, payload]) => ({ name, payloads: [payload] }));
  return fc.oneof(
    { weight: 8, arbitrary: known },
    { weight: 1, arbitrary: wrongCount },
    { weight: 1, arbitrary: unknown },
  );
}

/** Tracks that pass the schemas, and that an engine must refuse. */
export function hostileTracks(): { what: string; kind: 'audio' | 'video'; rtpParameters: object }[] {
  const vp8 = vp8SimulcastParameters('v');
  const opus = opusParameters('a');
  const [vp8Codec, rtxCodec] = vp8.codecs;
  return [
    {
      what: 'a codec that is not routed',
      kind: 'video',
      rtpParameters: { ...vp8, codecs: [{ ...vp8Codec, mimeType: 'video/H265' }] },
    },
    { what: 'an audio codec as video', kind: 'video', rtpParameters: opus },
    {
      what: 'one payload type for two codecs',
      kind: 'video',
      rtpParameters: { ...vp8, codecs: [vp8Codec, { ...rtxCodec, payloadType: 96 }] },
    },
    {
      what: 'RTX for nothing',
      kind: 'video',
      rtpParameters: { ...vp8, codecs: [vp8Codec, { ...rtxCodec, parameters: { apt: 12 } }] },
    },
    {
      what: 'RTX without apt',
      kind: 'video',
      rtpParameters: { ...vp8, codecs: [vp8Codec, { ...rtxCodec, parameters: {} }] },
    },
    { what: 'only RTX', kind: 'video', rtpParameters: { ...vp8, codecs: [rtxCodec] } },
    { what: 'layers that nothing tells apart', kind: 'video', rtpParameters: { ...vp8, encodings: [{}, {}, {}] } },
    { what: 'one SSRC twice', kind: 'video', rtpParameters: { ...vp8, encodings: [{ ssrc: 77 }, { ssrc: 77 }] } },
    { what: 'one RID twice', kind: 'video', rtpParameters: { ...vp8, encodings: [{ rid: 'r0' }, { rid: 'r0' }] } },
    {
      what: 'a codec that is not in the list',
      kind: 'video',
      rtpParameters: { ...vp8, encodings: [{ ssrc: 78, codecPayloadType: 11 }] },
    },
  ];
}
