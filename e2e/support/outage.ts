import type { Page } from 'puppeteer';

/**
 * From now on what the page asks of the server stays without an answer.
 * @param path what the paths of these requests begin with
 * @returns cuts the line, then and from then on
 */
export async function holdAnswers(page: Page, path = '/api/'): Promise<() => void> {
  let cut = (): void => undefined;
  const isCut = new Promise<void>((resolve) => (cut = resolve));
  await page.setRequestInterception(true);
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith(path)) void request.continue();
    else void isCut.then(() => request.abort('connectionrefused'));
  });
  return cut;
}

/** The server is down for what the page asks of it at these paths: nothing of it is answered. */
export async function dropAnswers(page: Page, path: string): Promise<void> {
  const cut = await holdAnswers(page, path);
  cut();
}

/** Ends it: what is asked from now on is answered again. */
export async function restoreAnswers(page: Page): Promise<void> {
  page.removeAllListeners('request');
  await page.setRequestInterception(false);
}

/** Takes the page off the internet. It is told so as by a phone that comes back into view. */
export async function goOffline(page: Page): Promise<void> {
  await page.setOfflineMode(true);
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
}
