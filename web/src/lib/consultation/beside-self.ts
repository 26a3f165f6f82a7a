import type { TileBox } from '#lib/call/grid.ts';
import type { Corner } from './room-preferences.svelte.ts';

/** Less, and nothing of a name could be read beside the own picture. */
const LEAST_WIDTH_PX = 260;

/**
 * Which lower corner of a tile the own picture lies over, so that the name does not lie under it.
 * @param corner of the own picture; `undefined` when it is not shown
 */
export function besideSelf(
  boxes: readonly TileBox[],
  index: number,
  corner: Corner | undefined,
): 'start' | 'end' | undefined {
  const box = boxes[index];
  if (box === undefined || box.width < LEAST_WIDTH_PX) return undefined;
  const lowest = boxes.filter(({ y }) => y >= box.y);
  if (lowest.some(({ y }) => y > box.y)) return undefined;
  if (corner === 'bottomStart') return lowest.every(({ x }) => x >= box.x) ? 'start' : undefined;
  if (corner === 'bottomEnd') return lowest.every(({ x }) => x <= box.x) ? 'end' : undefined;
  return undefined;
}
