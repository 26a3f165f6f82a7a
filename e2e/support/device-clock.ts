import type { Page } from 'puppeteer';

/** Lets the clock of this device be put ahead from the next page on; the server's goes on as it is. */
export async function makeClockMovable(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(() => {
    const now = Date.now.bind(Date);
    Date.now = () => now() + Number(document.documentElement.dataset['aheadMs'] ?? 0);
  });
}

/** Puts the clock ahead by so much in all, as if the device had slept. */
export async function putClockAhead(page: Page, aheadMs: number): Promise<void> {
  await page.evaluate((ms) => {
    document.documentElement.dataset['aheadMs'] = String(ms);
    document.dispatchEvent(new Event('visibilitychange'));
  }, aheadMs);
}
