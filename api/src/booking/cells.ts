import { CELL_MINUTES } from '@health-connect/contract';

const CELL_MS = CELL_MINUTES * 60_000;

/** The cells that [from, to) touches: the number of the first one, and of the one after the last. */
export function cellRange(from: Date, to: Date): { readonly first: number; readonly end: number } {
  return { first: Math.floor(from.getTime() / CELL_MS), end: Math.ceil(to.getTime() / CELL_MS) };
}

/** Numbers of the cells that [from, to) touches. */
export function cellsOf(from: Date, to: Date): number[] {
  const { first, end } = cellRange(from, to);
  return Array.from({ length: Math.max(0, end - first) }, (_item, index) => first + index);
}

/** When a cell begins. */
export const cellStart = (cell: number): Date => new Date(cell * CELL_MS);
