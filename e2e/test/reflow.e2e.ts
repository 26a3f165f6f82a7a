import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Cast } from '../support/cast.ts';
import { inspectNarrow } from '../support/screens.ts';
import { startStack, type Stack } from '../support/stack.ts';

const LONG_NAME = 'Maximiliana Konstantinopoulou-Oberhauser';

/** Where there is little room for many words. The looks check that no screen scrolls sideways. */
describe('words that need more room', () => {
  let stack: Stack;
  const cast = Cast.create();

  beforeAll(async () => {
    stack = await startStack();
  }, 180_000);
  afterAll(async () => {
    await cast.leave();
    await stack.stop();
  });

  it('a long name in the day of a doctor stands above the next line', async () => {
    const patient = await cast.signIn(stack, 'patient', 0);
    await patient.request('PUT', '/api/profile', { change: { role: 'patient', name: LONG_NAME } });
    const { page } = await cast.signIn(stack, 'doctor', 0);
    await page.setViewport({ width: 360, height: 640 });
    await page.goto(`${stack.url}/home`);
    await page.waitForFunction((name) => document.querySelector('.line')?.textContent.includes(name), {}, LONG_NAME);
    const overlap = await page.$$eval('.line .name bdi', (names) => {
      const below = names.map((name) => {
        const next = name.closest('p')?.nextElementSibling?.getBoundingClientRect();
        return name.getBoundingClientRect().bottom - (next?.top ?? Infinity);
      });
      return Math.max(...below);
    });
    expect(overlap).toBeLessThanOrEqual(0);
    expect(await inspectNarrow(page)).toEqual([]);
  });

  it.each(['de', 'ar'])('labels of tabs can be read to their end, also where text is large: %s', async (locale) => {
    const { page } = await cast.signIn(stack, 'patient', 0);
    await page.evaluate((chosen) => localStorage.setItem('PARAGLIDE_LOCALE', chosen), locale);
    await page.setViewport({ width: 320, height: 640 });
    for (const path of ['/records/access', '/settings/notifications']) {
      await page.goto(`${stack.url}${path}`);
      await page.waitForSelector(`html[lang="${locale}"] main nav a[aria-current]`);
      await page.evaluate(() => void (document.documentElement.style.fontSize = '200%'));
      // What scrolls to the one of the page follows the size of the text within two frames.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      const cut = await page.$$eval('main nav a', (tabs) =>
        tabs
          .filter((tab) => {
            const range = document.createRange();
            range.selectNodeContents(tab);
            const [words, box] = [range.getBoundingClientRect(), tab.getBoundingClientRect()];
            const strip = tab.parentElement?.getBoundingClientRect() ?? new DOMRect();
            const isOut = box.left < strip.left - 1 || box.right > strip.right + 1;
            return words.width > box.width || box.width > strip.width || (tab.ariaCurrent !== null && isOut);
          })
          .map((tab) => tab.textContent),
      );
      expect(cut).toEqual([]);
    }
  });
});
