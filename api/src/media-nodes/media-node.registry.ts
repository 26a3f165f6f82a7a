import {
  HEARTBEAT_TIMEOUT_MS,
  ProductError,
  type NodeStatus,
  type Webhook,
  type WebhookEvent,
} from '@health-connect/contract';
import type { Clock } from '../clock.ts';
import type { MediaNode, MediaNodeRepository } from './media-node.repository.ts';

type HeartbeatEvent = Extract<WebhookEvent, { type: 'node.heartbeat' }>;

/** Asks the node behind the control address what it is. */
export interface StatusSource {
  status(): Promise<NodeStatus>;
}

interface Parts {
  readonly nodes: MediaNodeRepository;
  readonly control: StatusSource;
  readonly clock: Clock;
}

const youth = (node: MediaNode): number => (node.startedAt ?? node.lastHeardAt).getTime();

/**
 * Which media node is there. One control address is configured, so one node lives behind it: a younger process
 * replaces every older one.
 */
export class MediaNodeRegistry {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): MediaNodeRegistry {
    return new MediaNodeRegistry(parts);
  }

  async heartbeat(webhook: Webhook, event: HeartbeatEvent): Promise<void> {
    const { nodes, clock } = this.#parts;
    await nodes.heard({
      id: webhook.nodeId,
      startedAt: new Date(webhook.nodeStartedAt),
      sequence: webhook.sequence,
      lastHeardAt: new Date(clock.now()),
      draining: event.draining,
      protocolVersion: event.protocolVersion,
      routerRtpCapabilities: event.routerRtpCapabilities,
    });
  }

  /** The node that lives, `undefined` when none was heard in time. */
  async current(): Promise<MediaNode | undefined> {
    const { nodes, clock } = this.#parts;
    const alive = await nodes.heardSince(new Date(clock.now() - HEARTBEAT_TIMEOUT_MS));
    return alive.sort((a, b) => youth(b) - youth(a))[0];
  }

  /**
   * The node that lives; one that was not heard yet is asked.
   * @throws ProductError `media_unavailable` when there is none
   */
  async require(): Promise<MediaNode> {
    const { nodes, control, clock } = this.#parts;
    const heard = await this.current();
    if (heard !== undefined) return heard;
    const status = await control.status();
    await nodes.asked({
      id: status.nodeId,
      startedAt: null,
      lastHeardAt: new Date(clock.now()),
      draining: status.draining,
      protocolVersion: status.protocolVersion,
      routerRtpCapabilities: status.routerRtpCapabilities,
    });
    const asked = await this.current();
    if (asked === undefined) throw new ProductError('media_unavailable');
    return asked;
  }
}
