/**
 * Keeps a value in the browser's storage, if it can: storage may be full or blocked, and a choice holds for this page
 * all the same.
 */
export function keepIfPossible(storage: Pick<Storage, 'setItem'>, key: string, value: string): void {
  try {
    storage.setItem(key, value);
  } catch {
    // Only the next visit misses it.
  }
}
