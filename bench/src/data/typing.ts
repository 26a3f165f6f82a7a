import { launchClient } from '../../../e2e/support/browser.ts';
import { percentile } from '../client.ts';
import type { Timing } from './measure.ts';

/** Each alone finds some of the doctors, so that the number of results tells when they are there. */
const KEYS = ['b', 'c', 'f', 'g', 'h', 'j', 'k', 't'] as const;
const ROUNDS = 8;
const WARM_UP_ROUNDS = 1;
const TIMEOUT_MS = 10_000;

/** From a key in the directory's field to its results on the screen, in a real browser. */
export async function timeTyping(url: string): Promise<Timing> {
  const client = await launchClient();
  const { page } = client;
  const durations: number[] = [];
  try {
    await page.goto(`${url}/doctors`);
    const field = await page.waitForSelector('#find-term');
    if (field === null) throw new Error('The directory has no field');
    const countIs = (text: string | undefined) =>
      page.waitForFunction(
        (wanted) => {
          const shown = document.querySelector('.results [role="status"]')?.textContent.trim();
          return wanted === undefined ? shown !== undefined && shown !== '' : shown === wanted;
        },
        {},
        text,
      );
    await countIs(undefined);
    const everybody = await page.$eval('.results [role="status"]', (status) => status.textContent.trim());
    for (let round = 0; round < ROUNDS + WARM_UP_ROUNDS; round += 1) {
      for (const key of KEYS) {
        const watch = await page.evaluateHandle((timeoutMs) => {
          const status = document.querySelector('.results [role="status"]');
          const input = document.querySelector('#find-term');
          if (status === null || input === null) throw new Error('The directory is not there');
          const before = status.textContent;
          const pressed = { atMs: 0 };
          input.addEventListener('keydown', () => (pressed.atMs = performance.now()), { once: true });
          const shown = new Promise<number>((resolve, reject) => {
            setTimeout(() => reject(new Error('The number of results did not change')), timeoutMs);
            const observer = new MutationObserver(() => {
              if (status.textContent === before) return;
              observer.disconnect();
              // The frame in which it is drawn.
              requestAnimationFrame(() => resolve(performance.now() - pressed.atMs));
            });
            observer.observe(status, { childList: true, characterData: true, subtree: true });
          });
          return { shown };
        }, TIMEOUT_MS);
        await field.press(key);
        const durationMs = await watch.evaluate(({ shown }) => shown);
        if (round >= WARM_UP_ROUNDS) durations.push(durationMs);
        await field.press('Backspace');
        await countIs(everybody);
      }
    }
  } finally {
    await client.close();
  }
  return {
    what: 'from a key to the results in the browser',
    p50Ms: percentile(durations, 0.5),
    p95Ms: percentile(durations, 0.95),
  };
}
