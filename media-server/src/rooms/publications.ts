import { EventEmitter } from 'node:events';
import {
  KIND_OF_SOURCE,
  ProductError,
  type Grants,
  type MediaKind,
  type MediaSource,
  type RtpParameters,
} from '@health-connect/contract';
import type { SfuProducer, SfuTransport } from '../sfu/sfu.ts';
import type { Track } from './track.ts';

export interface PublicationEvents {
  trackAdded: [Track];
  trackClosed: [Track];
  trackPaused: [Track];
  trackResumed: [Track];
}

interface Publication {
  readonly source: MediaSource;
  readonly kind: MediaKind;
  readonly producer: SfuProducer;
  paused: boolean;
}

/** The tracks that one peer sends: at most one per source, each of a source that its token grants. */
export class Publications extends EventEmitter<PublicationEvents> {
  readonly #peerId: string;
  readonly #grants: Grants;
  readonly #byId = new Map<string, Publication>();
  /** Sources with a track, or with one that is being made: two requests for one source cannot both pass. */
  readonly #taken = new Set<MediaSource>();
  #closed = false;

  constructor(peerId: string, grants: Grants) {
    super();
    this.#peerId = peerId;
    this.#grants = grants;
  }

  get size(): number {
    return this.#byId.size;
  }

  /** The open tracks, in the order in which they were made. */
  get tracks(): Track[] {
    return [...this.#byId.values()].map((publication) => this.#trackOf(publication));
  }

  /**
   * Takes a track. Throws `publish_not_granted`, `validation_failed` (the kind is not the source's), `limit_exceeded`
   * (the source has a track already) or `media_rejected`.
   */
  async produce(
    transport: SfuTransport,
    request: { kind: MediaKind; source: MediaSource; rtpParameters: RtpParameters; paused: boolean },
  ): Promise<Track> {
    const { kind, source, rtpParameters, paused } = request;
    this.#requireAllowed(kind, source);
    requireSensible(kind, rtpParameters);
    this.#taken.add(source);
    try {
      const producer = await transport.produce({ kind, rtpParameters, paused });
      if (this.#closed) {
        producer.close();
        throw new ProductError('not_joined');
      }
      const publication = { source, kind, producer, paused };
      this.#byId.set(producer.id, publication);
      const track = this.#trackOf(publication);
      this.emit('trackAdded', track);
      return track;
    } catch (error) {
      this.#taken.delete(source);
      throw error;
    }
  }

  /** Pauses a track; nothing happens when it is paused. Throws `producer_not_found`. */
  async pause(id: string): Promise<void> {
    const publication = this.#require(id);
    if (publication.paused) return;
    await publication.producer.pause();
    if (!this.#byId.has(id)) return;
    publication.paused = true;
    this.emit('trackPaused', this.#trackOf(publication));
  }

  /** Resumes a track; nothing happens when it is not paused. Throws `producer_not_found`. */
  async resume(id: string): Promise<void> {
    const publication = this.#require(id);
    if (!publication.paused) return;
    await publication.producer.resume();
    if (!this.#byId.has(id)) return;
    publication.paused = false;
    this.emit('trackResumed', this.#trackOf(publication));
  }

  /** Ends a track. Throws `producer_not_found`. */
  closeTrack(id: string): void {
    const publication = this.#require(id);
    this.#byId.delete(id);
    this.#taken.delete(publication.source);
    this.emit('trackClosed', this.#trackOf(publication));
    publication.producer.close();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const id of [...this.#byId.keys()]) this.closeTrack(id);
    this.removeAllListeners();
  }

  #requireAllowed(kind: MediaKind, source: MediaSource): void {
    if (this.#closed) throw new ProductError('not_joined');
    if (!this.#grants.publish.includes(source)) throw new ProductError('publish_not_granted');
    if (KIND_OF_SOURCE[source] !== kind) {
      const message = `Must be ${KIND_OF_SOURCE[source]} for this source`;
      throw new ProductError('validation_failed', { details: [{ path: 'kind', message }] });
    }
    if (this.#taken.has(source)) throw new ProductError('limit_exceeded');
  }

  #require(id: string): Publication {
    const publication = this.#byId.get(id);
    if (publication === undefined) throw new ProductError('producer_not_found');
    return publication;
  }

  #trackOf(publication: Publication): Track {
    return {
      id: publication.producer.id,
      peerId: this.#peerId,
      kind: publication.kind,
      source: publication.source,
      paused: publication.paused,
    };
  }
}

/** What the engine would take although it makes no sense: codecs of another kind, and layers of one name. */
function requireSensible(kind: MediaKind, rtpParameters: RtpParameters): void {
  const isOfKind = rtpParameters.codecs.every((codec) => codec.mimeType.startsWith(`${kind}/`));
  const rids = rtpParameters.encodings.flatMap((encoding) => encoding.rid ?? []);
  if (!isOfKind || new Set(rids).size !== rids.length) throw new ProductError('media_rejected');
}
