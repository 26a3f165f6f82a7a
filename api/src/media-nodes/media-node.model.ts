import type { RtpCapabilities } from '@health-connect/contract';
import { Schema, type Connection, type Model } from 'mongoose';

/** What a media node last said of itself. Stored, so that every api replica knows it. */
export interface StoredMediaNode {
  _id: string;
  /** Start of the node's process; `null` until it has said so itself. */
  startedAt: Date | null;
  /** Sequence number of the newest heartbeat that was taken. */
  sequence: number;
  lastHeardAt: Date;
  draining: boolean;
  protocolVersion: number;
  routerRtpCapabilities: RtpCapabilities;
}

const mediaNodeSchema = new Schema<StoredMediaNode>(
  {
    _id: { type: String, required: true },
    startedAt: { type: Date, default: null },
    sequence: { type: Number, required: true },
    lastHeardAt: { type: Date, required: true },
    draining: { type: Boolean, required: true },
    protocolVersion: { type: Number, required: true },
    routerRtpCapabilities: { type: Schema.Types.Mixed, required: true },
  },
  { collection: 'mediaNodes', versionKey: false, minimize: false },
);
mediaNodeSchema.index({ lastHeardAt: 1 });

export function mediaNodeModel(connection: Connection): Model<StoredMediaNode> {
  return connection.model<StoredMediaNode>('MediaNode', mediaNodeSchema);
}
