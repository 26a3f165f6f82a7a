import { tick } from 'svelte';

/** Nothing has the focus: what had it is gone from the page. */
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/**
 * Moves the focus, where it was lost, to what stands in the place of what had it.
 * @param place found once the page has changed; without one it is the heading of the page
 */
export async function restoreFocus(place?: () => HTMLElement | null | undefined): Promise<void> {
  await tick();
  if (!isLost()) return;
  const target = place?.() ?? document.querySelector<HTMLElement>('main h1');
  if (target === null) return;
  // A heading takes the focus from code only.
  if (target.tabIndex < 0) target.tabIndex = -1;
  target.focus();
}

/** Does what may remove the button that it was asked for with, and sees to the focus then. */
export async function keepFocus(act: () => unknown, place?: () => HTMLElement | null | undefined): Promise<void> {
  await act();
  await restoreFocus(place);
}
