import type { Notification } from '@health-connect/contract';
import { instantNow } from '../appointments/when.ts';

/** Notifications by their age, both ends included; without `from` everything older counts, too. */
export interface ReadRange {
  readonly from?: string | undefined;
  readonly upTo: string;
}

/** The list, newest first, once a notification, and everything older than it down to `from`, was read. */
export function readUpTo(
  list: readonly Notification[],
  { from, upTo }: ReadRange,
  readAt = instantNow(),
): readonly Notification[] {
  const newest = list.findIndex(({ id }) => id === upTo);
  if (newest === -1) return list;
  const oldest = from === undefined ? list.length - 1 : list.findIndex(({ id }) => id === from);
  return list.map((item, index) =>
    index >= newest && index <= oldest && item.readAt === null ? { ...item, readAt: readAt.toISOString() } : item,
  );
}
