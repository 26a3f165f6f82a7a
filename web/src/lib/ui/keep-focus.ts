import { tick } from 'svelte';
import type { Attachment } from 'svelte/attachments';

/** Nothing has the focus: what had it is gone from the page. */
const isLost = (): boolean => document.activeElement === null || document.activeElement === document.body;

/**
 * Moves the focus, where it was lost, to what stands in the place of what had it.
 * @param place found once the page has changed; without one it is the heading of the page, else its content
 */
export async function restoreFocus(place?: () => HTMLElement | null | undefined): Promise<void> {
  await tick();
  if (!isLost()) return;
  const target =
    place?.() ?? document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
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

/** For a control that may go while it has the focus, whatever takes it away: the focus goes on to what is named. */
export function passFocusOn(place?: () => HTMLElement | null | undefined): Attachment<HTMLElement> {
  return (control) => {
    let has = document.activeElement === control;
    const take = (): void => void (has = true);
    const leave = (): void => void (has = false);
    control.addEventListener('focus', take);
    control.addEventListener('blur', leave);
    return () => {
      // What is taken off the page gets no `blur`.
      if (has) void restoreFocus(place);
    };
  };
}
