import { ProductError, type RtpCapabilities } from '@health-connect/contract';
import { ortc, type types } from 'mediasoup';
import { accepted } from './refusal.ts';
import type { SfuRouter, SfuTransport } from './sfu.ts';
import { MediasoupTransport } from './transport.ts';

/** Where the congestion control of a receiving browser starts, in bits per second: the middle layer at once. */
const INITIAL_OUTGOING_BITRATE_BPS = 1_000_000;
/** Consent freshness (RFC 7675): a path that was silent for so long is given up. */
const ICE_CONSENT_TIMEOUT_SECONDS = 30;

/** A router of mediasoup behind the interface that rooms use. */
export class MediasoupRouter implements SfuRouter {
  readonly roomId: string;
  readonly #router: types.Router;
  readonly #webRtcServer: types.WebRtcServer;
  readonly #onClose: (router: MediasoupRouter) => void;
  #lostListener: (() => void) | undefined;
  #lost = false;

  constructor(options: {
    roomId: string;
    router: types.Router;
    webRtcServer: types.WebRtcServer;
    onClose: (router: MediasoupRouter) => void;
  }) {
    this.roomId = options.roomId;
    this.#router = options.router;
    this.#webRtcServer = options.webRtcServer;
    this.#onClose = options.onClose;
  }

  /**
   * Makes a transport on the worker's one port, without a data channel. UDP first, TCP for networks that block it.
   * The SRTP suite is not an option of the engine: the worker lists AEAD_AES_256_GCM, AEAD_AES_128_GCM and then the
   * AES_CM suites, and as the DTLS server (mediasoup-client makes the browser the DTLS client) its order decides, so
   * GCM is used with every browser that offers it. The browser's `transport` statistics show it as `srtpCipher`.
   */
  async createTransport(): Promise<SfuTransport> {
    const transport = await accepted(this.#router, () =>
      this.#router.createWebRtcTransport({
        webRtcServer: this.#webRtcServer,
        enableUdp: true,
        enableTcp: true,
        preferUdp: true,
        enableSctp: false,
        initialAvailableOutgoingBitrate: INITIAL_OUTGOING_BITRATE_BPS,
        iceConsentTimeout: ICE_CONSENT_TIMEOUT_SECONDS,
      }),
    );
    return new MediasoupTransport(transport);
  }

  checkCapabilities(rtpCapabilities: RtpCapabilities): void {
    try {
      ortc.validateAndNormalizeRtpCapabilities(structuredClone(rtpCapabilities));
    } catch (cause) {
      throw new ProductError('media_rejected', { cause });
    }
  }

  canConsume(producerId: string, rtpCapabilities: RtpCapabilities): boolean {
    return this.#router.canConsume({ producerId, rtpCapabilities });
  }

  onLost(listener: () => void): void {
    if (this.#lost) queueMicrotask(listener);
    else this.#lostListener = listener;
  }

  /** Called by the worker's owner when the worker has died. */
  markLost(): void {
    if (this.#lost) return;
    this.#lost = true;
    this.#lostListener?.();
  }

  /** What the worker itself says it holds for this router. */
  async dump(): Promise<{ transports: number; producers: number; consumers: number }> {
    const dump = await this.#router.dump();
    return {
      transports: dump.transportIds.length,
      producers: dump.mapProducerIdConsumerIds.length,
      consumers: dump.mapConsumerIdProducerId.length,
    };
  }

  close(): void {
    this.#router.close();
    this.#onClose(this);
  }
}
