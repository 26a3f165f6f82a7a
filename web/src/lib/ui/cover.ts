import { getContext, setContext } from 'svelte';

const KEY = Symbol('cover');

/**
 * Says to all dialogs of the page whether the page is out of sight: then none of them may lie over what covers it.
 * Call it while the root component is made.
 */
export function provideCover(covered: () => boolean): void {
  setContext(KEY, covered);
}

/** Whether the page is out of sight; never, where nothing covers pages. */
export function useCover(): () => boolean {
  return getContext<(() => boolean) | undefined>(KEY) ?? (() => false);
}
