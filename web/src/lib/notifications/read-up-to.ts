import type { Notification } from '@health-connect/contract';

/** The list, newest first, once a notification and everything older than it was read. */
export function readUpTo(list: readonly Notification[], id: string, readAt = new Date()): readonly Notification[] {
  const from = list.findIndex((item) => item.id === id);
  if (from === -1) return list;
  return list.map((item, index) =>
    index >= from && item.readAt === null ? { ...item, readAt: readAt.toISOString() } : item,
  );
}
