import { CELL_MINUTES } from '@health-connect/contract';

const CELL_MS = CELL_MINUTES * 60_000;

/** Numbers of the cells that [from, to) touches. */
export function cellsOf(from: Date, to: Date): number[] {
  const first = Math.floor(from.getTime() / CELL_MS);
  const end = Math.ceil(to.getTime() / CELL_MS);
  return Array.from({ length: Math.max(0, end - first) }, (_item, index) => first + index);
}

/** When a cell begins. */
export const cellStart = (cell: number): Date => new Date(cell * CELL_MS);
