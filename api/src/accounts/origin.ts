import { coarseNetwork } from '../http/network.ts';
import { currentNetwork } from '../logging/request-context.ts';
import { deviceOf } from './device.ts';
import type { Origin } from './session.service.ts';

/** From where the request under way comes, as far as a session keeps it. */
export function originOf(userAgent: string | undefined): Origin {
  return { device: deviceOf(userAgent), network: coarseNetwork(currentNetwork()) ?? null };
}
