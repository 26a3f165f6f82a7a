import type { Party } from '@health-connect/contract';
import type { RemotePeer } from './remote-peers.ts';

const RANK: Readonly<Record<Party, number>> = { doctor: 0, patient: 0, colleague: 1 };

/** Tiles in their order: the doctor or the patient first, then the others as they came. Nobody moves without a reason. */
export function orderTiles(peers: readonly RemotePeer[]): RemotePeer[] {
  return [...peers].sort((a, b) => RANK[a.party] - RANK[b.party]);
}
