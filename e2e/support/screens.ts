import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Page } from 'puppeteer';

interface Look {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly scheme: 'light' | 'dark';
}

/** Every look that a screen must hold in: phone and desktop, light and dark (ux: breakpoints 360 and 1280). */
export const LOOKS = [
  { name: 'phone-light', width: 360, height: 640, scheme: 'light' },
  { name: 'phone-dark', width: 360, height: 640, scheme: 'dark' },
  { name: 'desktop-dark', width: 1280, height: 720, scheme: 'dark' },
  { name: 'desktop-light', width: 1280, height: 720, scheme: 'light' },
] as const satisfies readonly Look[];

const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** Violations of WCAG 2.2 A and AA that axe finds on the page as it is, one line each. */
export async function axeViolations(page: Page): Promise<string[]> {
  // The mode for pages without frames of other origins, of which there are none here: it takes half the time.
  const axe = new AxePuppeteer(page).withTags(TAGS).setLegacyMode(true);
  const { violations } = await axe.analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
  );
}

/**
 * What no rule of axe finds: controls that are smaller than 44 x 44 px or lie on each other, words that are cut off, and a
 * page that must be scrolled sideways.
 */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`scrolls sideways: ${scrollWidth} > ${clientWidth}`);
    const isShown = (element: Element): boolean => {
      const { width, height } = element.getBoundingClientRect();
      return width > 1 && height > 1 && element.checkVisibility({ visibilityProperty: true });
    };
    const nameOf = (element: Element): string => element.outerHTML.replaceAll(/\s+/g, ' ').slice(0, 120);

    const controls = [...document.querySelectorAll('button, a[href], select, input, textarea, summary')].filter(
      isShown,
    );
    for (const control of controls) {
      const box = control.getBoundingClientRect();
      const inText = control.closest('p') !== null || control.matches('.skip-link, [type="radio"], [type="checkbox"]');
      if (!inText && (box.height < 43.5 || box.width < 43.5)) {
        problems.push(`${Math.round(box.width)}x${Math.round(box.height)}: ${nameOf(control)}`);
      }
    }

    // What sticks to an edge of the window lies over what is scrolled below it, and a dialog over the page; what is scrolled
    // out of a box of its own is not seen.
    const layerOf = (element: Element): Element | null => {
      for (let at: Element | null = element; at !== null; at = at.parentElement) {
        const { position, overflowY } = getComputedStyle(at);
        const scrolls: boolean = ['auto', 'scroll'].includes(overflowY) && at.scrollHeight > at.clientHeight;
        if (scrolls || at.matches('dialog') || ['fixed', 'sticky'].includes(position)) return at;
      }
      return null;
    };
    const layers = controls.map(layerOf);
    for (const [index, one] of controls.entries()) {
      for (const [offset, other] of controls.slice(index + 1).entries()) {
        if (layers[index] !== layers[index + 1 + offset] || one.contains(other) || other.contains(one)) continue;
        const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
        const overlaps = [
          Math.min(a.right, b.right) - Math.max(a.left, b.left),
          Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top),
        ];
        if (overlaps.every((px) => px > 1)) problems.push(`on each other: ${nameOf(one)} and ${nameOf(other)}`);
      }
    }

    for (const element of document.querySelectorAll('body *')) {
      const { overflowX, position, clipPath } = getComputedStyle(element);
      const isForEars = position === 'absolute' && clipPath !== 'none';
      const cuts = ['hidden', 'clip'].includes(overflowX) && element.scrollWidth > element.clientWidth + 1;
      if (cuts && !isForEars && isShown(element) && element.textContent.trim() !== '') {
        problems.push(`cut off: ${nameOf(element)}`);
      }
    }
    return problems;
  });
}

/** Makes the page look so, and waits until it does. */
async function show(page: Page, look: Look): Promise<void> {
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: look.scheme },
    // No colour may be on its way to another one while contrast is measured.
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.setViewport({ width: look.width, height: look.height });
  await page.waitForFunction((theme) => document.documentElement.dataset['theme'] === theme, {}, look.scheme);
  // What is laid out by script follows the new size with the next frame.
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

const named = (page: Page, look: string, found: readonly string[]): string[] =>
  found.map((problem) => `${look} ${new URL(page.url()).pathname}: ${problem}`);

/** Takes a look: `[]` when nothing is wrong with it. */
export async function inspect(page: Page, look: Look): Promise<string[]> {
  await show(page, look);
  return named(page, look.name, [...(await axeViolations(page)), ...(await layoutProblems(page))]);
}

/** Words of the other direction that fill a line of their own, and so begin at the other side than all the rest. */
function strayWords(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll('bdi')]
      .filter((bdi) => {
        const { direction, display } = getComputedStyle(bdi);
        const parent = bdi.parentElement;
        if (display === 'inline' || parent === null || direction === getComputedStyle(parent).direction) return false;
        const range = document.createRange();
        range.selectNodeContents(bdi);
        return range.getBoundingClientRect().width < bdi.getBoundingClientRect().width - 2;
      })
      .map((bdi) => `begins at the other side: ${bdi.outerHTML.slice(0, 160)}`),
  );
}

/** The same state as right-to-left languages lay it out, on a phone. Puts it back as it was. */
export async function inspectMirrored(page: Page, keep: () => Promise<unknown>): Promise<string[]> {
  await show(page, LOOKS[0]);
  const before = await page.evaluate(() => {
    const { dir } = document.documentElement;
    document.documentElement.dir = 'rtl';
    return dir;
  });
  const found = [...(await layoutProblems(page)), ...(await strayWords(page))];
  await keep();
  await page.evaluate((dir) => (document.documentElement.dir = dir), before);
  return named(page, 'mirrored', found);
}

/** Where there is least room for words: the smallest phone, and text at twice its size on a usual one (WCAG 1.4.4, 1.4.10). */
const NARROW = [
  { name: 'phone-320', width: 320, height: 640, scheme: 'light', text: '' },
  { name: 'text-200', width: 360, height: 640, scheme: 'light', text: '200%' },
] as const satisfies readonly (Look & { readonly text: string })[];

/** What is not to be read where there is least room: what sticks out of the window, and words that are torn apart. */
function narrowProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    const nameOf = (element: Element): string => element.outerHTML.replaceAll(/\s+/g, ' ').slice(0, 160);
    const isShown = (element: Element): boolean =>
      element.checkVisibility({ visibilityProperty: true }) &&
      element.closest('.visually-hidden, .skip-link:not(:focus)') === null;
    const isOut = ({ left, right, width }: DOMRect): boolean =>
      width > 1 && (left < -0.5 || right > root.clientWidth + 0.5);
    const boxes = [...document.querySelectorAll('body *')].map((element) => ({
      element,
      box: element.getBoundingClientRect(),
    }));
    const problems: string[] = [];
    if (root.scrollWidth > root.clientWidth) {
      const widest = boxes.filter(({ box }) => isOut(box)).at(-1)?.element;
      problems.push(`scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}, ${widest ? nameOf(widest) : ''}`);
    }
    // What is fixed to the window cannot be scrolled into it.
    const fixed = boxes.filter(({ element }) => getComputedStyle(element).position === 'fixed' && isShown(element));
    const out = fixed.flatMap(({ element }) => [element, ...element.querySelectorAll('*')]);
    for (const element of out.filter((one) => isShown(one) && isOut(one.getBoundingClientRect()))) {
      problems.push(`sticks out: ${nameOf(element)}`);
    }

    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
      const parent = node.parentElement;
      if (parent === null || !isShown(parent)) continue;
      for (const word of (node.textContent ?? '').matchAll(/(?<=^|\s)\p{L}{2,}[.,:;!?]?(?=\s|$)/gu)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) problems.push(`torn apart: ${word[0]} in ${nameOf(parent)}`);
      }
    }
    return problems;
  });
}

/**
 * Looks at the page where there is least room for words, and keeps a picture of each. Puts the text back as it was.
 * @returns what must be scrolled sideways, sticks out, or is torn apart
 */
export async function inspectNarrow(
  page: Page,
  keep: (look: string) => Promise<unknown> = () => Promise.resolve(),
): Promise<string[]> {
  const problems: string[] = [];
  for (const look of NARROW) {
    await show(page, look);
    await page.evaluate((text) => void (document.documentElement.style.fontSize = text), look.text);
    problems.push(...named(page, look.name, await narrowProblems(page)));
    await keep(look.name);
    await page.evaluate(() => void (document.documentElement.style.fontSize = ''));
  }
  return problems;
}
