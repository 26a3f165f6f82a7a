import type {
  DtlsParameters,
  IceParameters,
  MediaKind,
  RtpCapabilities,
  RtpParameters,
  TransportOptions,
} from '@health-connect/contract';

// What rooms need of a media engine. `sfu/` implements it with mediasoup; tests of rooms bring their own.
// Refusals are thrown as ProductError: `media_rejected` when the engine does not accept what the peer sent,
// `media_unavailable` when the worker below has gone. Every `close()` is idempotent and closes what is inside.

/** Makes routers, each on the worker that has the fewest. */
export interface Sfu {
  /** What every router of this node can route, as clients are told it. */
  readonly rtpCapabilities: RtpCapabilities;
  /** Makes the router of a room. Throws `media_unavailable` when no worker lives. */
  createRouter(roomId: string): Promise<SfuRouter>;
}

/** Routes the tracks of one room. */
export interface SfuRouter {
  createTransport(): Promise<SfuTransport>;
  /** Throws `media_rejected` when what a browser says it can receive makes no sense. */
  checkCapabilities(rtpCapabilities: RtpCapabilities): void;
  canConsume(producerId: string, rtpCapabilities: RtpCapabilities): boolean;
  /** Calls back once when the worker below has died; everything of this router is gone by then. */
  onLost(listener: () => void): void;
  close(): void;
}

/** One ICE and DTLS association with a browser; carries tracks one way. */
export interface SfuTransport {
  readonly options: TransportOptions;
  connect(dtlsParameters: DtlsParameters): Promise<void>;
  restartIce(): Promise<IceParameters>;
  produce(track: { kind: MediaKind; rtpParameters: RtpParameters; paused: boolean }): Promise<SfuProducer>;
  /** Makes a consumer that is paused. */
  consume(producerId: string, rtpCapabilities: RtpCapabilities): Promise<SfuConsumer>;
  close(): void;
}

/** A track that a browser sends. */
export interface SfuProducer {
  readonly id: string;
  pause(): Promise<void>;
  resume(): Promise<void>;
  close(): void;
}

/** A track that a browser receives. */
export interface SfuConsumer {
  readonly id: string;
  readonly rtpParameters: RtpParameters;
  /** Whether it has spatial layers to choose from. */
  readonly layered: boolean;
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** 0 is the smallest; a number above the highest layer means the highest. */
  preferSpatialLayer(layer: number): Promise<void>;
  close(): void;
}
