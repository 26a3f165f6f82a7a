/**
 * Keeps a box at the lower edge of the window above a keyboard that lies over the page, as those of phones do, until the
 * answer is called: `--keyboard` is how much of the window's lower end it hides. A page that is enlarged by hand has no
 * lower edge of its own: there the box stays where it is.
 * @param onsize the keyboard may have come, gone or become another one: the box stands elsewhere
 */
export function aboveKeyboard(box: HTMLElement, onsize: () => void): () => void {
  const { style } = document.documentElement;
  const view = window.visualViewport;
  let hiddenPx = 0;

  function measure(): void {
    if (view === null) return;
    // Where the box would stand without a keyboard: browsers do not agree on how high the window is while there is one.
    const edge = box.getBoundingClientRect().bottom + hiddenPx;
    const isEnlarged = view.scale > 1.01;
    hiddenPx = isEnlarged ? 0 : Math.max(0, Math.round(edge - view.offsetTop - view.height));
    style.setProperty('--keyboard', `${String(hiddenPx)}px`);
  }
  function resized(): void {
    measure();
    onsize();
  }

  resized();
  view?.addEventListener('resize', resized);
  view?.addEventListener('scroll', measure);
  return () => {
    view?.removeEventListener('resize', resized);
    view?.removeEventListener('scroll', measure);
    style.removeProperty('--keyboard');
  };
}
