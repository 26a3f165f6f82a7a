const PREFIX = 'hc.book.';

/** Where the words of a booking under way are kept: for this person and this tab only. */
export const bookingDraftKey = (accountId: string): string => `${PREFIX}${accountId}`;

/** Removes what anybody has typed into a booking: a reason to see a doctor must not stay on a shared computer. */
export function forgetBookingDrafts(storage: Pick<Storage, 'key' | 'length' | 'removeItem'>): void {
  const keys = Array.from({ length: storage.length }, (_unused, index) => storage.key(index) ?? '');
  for (const key of keys.filter((each) => each.startsWith(PREFIX))) storage.removeItem(key);
}
