import { rtpCapabilitiesSchema, type RtpCapabilities } from '@health-connect/contract';
import type { Connection, Model } from 'mongoose';
import { isDuplicateKey } from '../database/errors.ts';
import { condition } from '../database/filter.ts';
import { mediaNodeModel, type StoredMediaNode } from './media-node.model.ts';

export interface MediaNode {
  readonly id: string;
  readonly startedAt: Date | null;
  readonly lastHeardAt: Date;
  readonly draining: boolean;
  readonly protocolVersion: number;
  readonly routerRtpCapabilities: RtpCapabilities;
}

export type Heartbeat = MediaNode & { readonly startedAt: Date; readonly sequence: number };

const toNode = (stored: StoredMediaNode): MediaNode => ({
  id: stored._id,
  startedAt: stored.startedAt,
  lastHeardAt: stored.lastHeardAt,
  draining: stored.draining,
  protocolVersion: stored.protocolVersion,
  routerRtpCapabilities: rtpCapabilitiesSchema.parse(stored.routerRtpCapabilities),
});

/** Media nodes as they were last heard. */
export class MediaNodeRepository {
  readonly #nodes: Model<StoredMediaNode>;

  private constructor(connection: Connection) {
    this.#nodes = mediaNodeModel(connection);
  }

  static create(connection: Connection): MediaNodeRepository {
    return new MediaNodeRepository(connection);
  }

  /** Takes a heartbeat unless a newer one of the same node is known already. */
  async heard({ id, startedAt, sequence, ...facts }: Heartbeat): Promise<void> {
    const older = [
      { startedAt: null },
      { startedAt: condition({ $lt: startedAt }) },
      { startedAt, sequence: condition({ $lt: sequence }) },
    ];
    try {
      await this.#nodes.updateOne(
        { _id: id, $or: older },
        { $set: { ...facts, startedAt, sequence } },
        { upsert: true },
      );
    } catch (error) {
      // The node is known by a newer heartbeat, so that the upsert tried to insert it a second time.
      if (!isDuplicateKey(error)) throw error;
    }
  }

  /** Takes what a node answered when it was asked, before its first heartbeat has arrived. */
  async asked({ id, startedAt, ...facts }: MediaNode): Promise<void> {
    await this.#nodes.updateOne(
      { _id: id },
      { $set: facts, $setOnInsert: { startedAt, sequence: -1 } },
      { upsert: true },
    );
  }

  /** Nodes that were heard since then. */
  async heardSince(since: Date): Promise<MediaNode[]> {
    const found = await this.#nodes.find({ lastHeardAt: condition({ $gte: since }) }).lean();
    return found.map(toNode);
  }
}
