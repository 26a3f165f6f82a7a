/** Scrolls what has the focus out from under a box at the lower edge of the window (WCAG 2.4.11), where it fits above it. */
export function scrollFocusAbove(box: HTMLElement): void {
  const focused = document.activeElement;
  if (focused === null || focused === document.body || box.contains(focused)) return;
  const [under, over] = [focused.getBoundingClientRect(), box.getBoundingClientRect()];
  const isAside = under.right <= over.left || under.left >= over.right;
  if (isAside || under.bottom <= over.top || under.top >= over.bottom || under.height > over.top) return;
  // To where the page says that the focus is in sight: `scroll-padding` knows of the box.
  focused.scrollIntoView({ block: 'nearest' });
}
