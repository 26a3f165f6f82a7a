import { AxePuppeteer } from '@axe-core/puppeteer';
import type { Page } from 'puppeteer';

/** Every look that a screen must hold in: phone and desktop, light and dark (ux: breakpoints 360 and 1280). */
export const LOOKS = [
  { name: 'phone-light', width: 360, height: 640, scheme: 'light' },
  { name: 'phone-dark', width: 360, height: 640, scheme: 'dark' },
  { name: 'desktop-light', width: 1280, height: 720, scheme: 'light' },
  { name: 'desktop-dark', width: 1280, height: 720, scheme: 'dark' },
] as const;

/** Violations of WCAG 2.2 A and AA that axe finds on the page as it is, one line each. */
export async function axeViolations(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const { violations } = await new AxePuppeteer(page).withTags(tags).analyze();
  return violations.flatMap((violation) =>
    violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)}`),
  );
}

/** Controls that are smaller than 44 x 44 px, and whether the page must be scrolled sideways. */
export function layoutProblems(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const problems: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth) problems.push(`scrolls sideways: ${scrollWidth} > ${clientWidth}`);
    for (const control of document.querySelectorAll('button, a[href], select, input')) {
      const box = control.getBoundingClientRect();
      const inText = control.closest('p') !== null || control.matches('.skip-link, [type="radio"], [type="checkbox"]');
      const shown = box.width > 1 && box.height > 1 && control.checkVisibility();
      if (shown && !inText && (box.height < 43.5 || box.width < 43.5)) {
        problems.push(`${Math.round(box.width)}x${Math.round(box.height)}: ${control.outerHTML.slice(0, 120)}`);
      }
    }
    return problems;
  });
}

/** Takes a look: `[]` when nothing is wrong with it. */
export async function inspect(page: Page, look: (typeof LOOKS)[number]): Promise<string[]> {
  await page.emulateMediaFeatures([
    { name: 'prefers-color-scheme', value: look.scheme },
    // No colour may be on its way to another one while contrast is measured.
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ]);
  await page.setViewport({ width: look.width, height: look.height });
  await page.waitForFunction((theme) => document.documentElement.dataset['theme'] === theme, {}, look.scheme);
  const found = [...(await axeViolations(page)), ...(await layoutProblems(page))];
  return found.map((problem) => `${look.name} ${new URL(page.url()).pathname}: ${problem}`);
}
