import { createHash, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  API_ISSUER,
  CONTROL_TOKEN_AUDIENCE,
  CONTROL_TOKEN_LIFETIME_SECONDS,
  controlRequests,
  nodeStatusSchema,
  SERVICE_TOKEN_ALGORITHM,
  type NodeStatus,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import type { Stack } from './stack.ts';

/** Asks the media node what it holds, as `api` would: with a control token signed by the installation's own key. */
export async function readNodeStatus(stack: Stack): Promise<NodeStatus> {
  const { method, path } = controlRequests.status;
  const key = await readFile(join(stack.dataDir, 'keys', 'api.private.pem'));
  const claims = { request: `${method} ${path}`, bodySha256: createHash('sha256').update('').digest('hex') };
  const token = jwt.sign(claims, key, {
    algorithm: SERVICE_TOKEN_ALGORITHM,
    issuer: API_ISSUER,
    audience: CONTROL_TOKEN_AUDIENCE,
    expiresIn: CONTROL_TOKEN_LIFETIME_SECONDS,
    jwtid: randomUUID(),
  });
  const response = await fetch(`${stack.mediaUrl}${path}`, { headers: { authorization: `Bearer ${token}` } });
  if (!response.ok) throw new Error(`The media node answered ${response.status}: ${await response.text()}`);
  return nodeStatusSchema.parse(await response.json());
}

/** Whether the node holds nothing, by its own books and by what its worker processes say. */
export function isEmpty(status: NodeStatus): boolean {
  const figures = [...Object.values(status.counts), ...status.workers.flatMap((worker) => Object.values(worker.dump))];
  return figures.every((figure) => figure === 0);
}
