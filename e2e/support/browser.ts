import puppeteer, { type Browser, type Page } from 'puppeteer';

/** Fake camera (a moving picture) and fake microphone (a beep each second); no connection to the outside. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--autoplay-policy=no-user-gesture-required',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
  '--lang=en-GB',
];

/** What went wrong in a page: errors of its scripts and of its console. */
export interface Client {
  readonly browser: Browser;
  readonly page: Page;
  readonly problems: string[];
  close(): Promise<void>;
}

/** Keeps every peer connection of a page within reach of the tests. Runs before the page's own scripts. */
function watchPeerConnections(): void {
  const connections: RTCPeerConnection[] = [];
  const Native = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends Native {
    constructor(configuration?: RTCConfiguration) {
      super(configuration);
      connections.push(this);
    }
  };
  Object.defineProperty(window, 'watchedPeerConnections', { value: connections });
}

/** A separate Chromium process with a profile of its own: one person at one device. */
export async function launchClient(
  viewport: { width: number; height: number } = { width: 1280, height: 720 },
): Promise<Client> {
  const executablePath = process.env['CHROMIUM_BIN'];
  if (executablePath === undefined) throw new Error('CHROMIUM_BIN is not set: run the tests with npm test');
  const browser = await puppeteer.launch({ executablePath, args: FLAGS, defaultViewport: viewport });
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error instanceof Error ? error.message : String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.evaluateOnNewDocument(watchPeerConnections);
  page.setDefaultTimeout(30_000);
  return { browser, page, problems, close: () => browser.close() };
}
