import type { Attachment } from 'svelte/attachments';

/** Moves the focus to a heading when it appears: each stage begins there for everybody who does not see it. */
export const focusHeading: Attachment<HTMLElement> = (heading) => {
  heading.focus({ preventScroll: true });
};
