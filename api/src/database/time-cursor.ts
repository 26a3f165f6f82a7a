import { ProductError } from '@health-connect/contract';

/** A place in a list that is ordered by time: many may share an instant, so the id tells them apart. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

/** A place as clients hand it back to get what comes after it. */
export const cursorOf = ({ at, id }: Position): string => `${at.getTime()}-${id}`;

/** @throws ProductError `validation_failed` for a cursor that no list has given out */
export function positionOf(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const [, at, id] = /^(-?\d{1,15})-([0-9a-f]{24})$/.exec(cursor) ?? [];
  if (at !== undefined && id !== undefined) return { at: new Date(Number(at)), id };
  const details = [{ path: 'query.cursor', message: 'This is not where a page of this list begins' }];
  throw new ProductError('validation_failed', { details });
}
