import type { Attachment } from 'svelte/attachments';

/** Scrolls what appears into view, as far as it has to: what tells what to do must not stand below the window's edge. */
export const comeIntoView: Attachment<HTMLElement> = (element) => {
  element.scrollIntoView({ block: 'nearest' });
};
