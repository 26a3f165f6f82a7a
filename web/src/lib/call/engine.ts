import type { RtpCapabilities } from '@health-connect/contract';
import type { types } from 'mediasoup-client';

/** A track that is sent. */
export type Producer = Pick<types.Producer, 'id' | 'track' | 'replaceTrack' | 'close'>;

/** Somebody else's track. */
export type Consumer = Pick<types.Consumer, 'id' | 'track' | 'appData' | 'close'>;

/** What sending needs of a transport. */
export interface SendTransport {
  produce(options: types.ProducerOptions): Promise<Producer>;
}

/** What receiving needs of a transport. */
export interface ReceiveTransport {
  consume(options: types.ConsumerOptions): Promise<Consumer>;
}

type Ask<N extends keyof types.TransportEvents> = (...args: types.TransportEvents[N]) => void;

/** What a stay in a room needs of a transport. */
export interface EngineTransport extends SendTransport, ReceiveTransport {
  readonly id: string;
  readonly closed: boolean;
  on<N extends keyof types.TransportEvents>(event: N, listener: Ask<N>): unknown;
  restartIce(options: { iceParameters: types.IceParameters }): Promise<void>;
  close(): void;
}

/** What a stay in a room needs of the media engine. */
export interface EngineDevice {
  readonly recvRtpCapabilities: types.RtpCapabilities;
  readonly sendRtpCapabilities: types.RtpCapabilities;
  createSendTransport(options: types.TransportOptions): EngineTransport;
  createRecvTransport(options: types.TransportOptions): EngineTransport;
}

/** Makes the engine ready for what a router can route. Tests give their own. */
export type LoadDevice = (routerRtpCapabilities: RtpCapabilities) => Promise<EngineDevice>;

/**
 * The media engine is a third of the page's code and only needed from joining on: it comes while the person prepares.
 */
export function importEngine(): Promise<{ readonly loadDevice: LoadDevice }> {
  return import('./device.ts');
}

/** Loads the browser's engine, and its code if that has not come yet. */
export const loadBrowserDevice: LoadDevice = async (routerRtpCapabilities) => {
  const { loadDevice } = await importEngine();
  return loadDevice(routerRtpCapabilities);
};
