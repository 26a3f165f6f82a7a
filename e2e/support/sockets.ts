import type { Page } from 'puppeteer';

interface SocketSwitch {
  readonly loseSockets: () => void;
  readonly allowSockets: () => void;
}

/** Keeps every WebSocket of a page within reach of the tests. Runs before the page's own scripts. */
function watchSockets(): void {
  const Native = window.WebSocket;
  const open: WebSocket[] = [];
  let lost = false;
  window.WebSocket = class extends Native {
    constructor(address: string | URL, protocols?: string | string[]) {
      // Nothing listens there.
      super(lost ? 'ws://localhost:9/' : address, protocols);
      open.push(this);
    }
  };
  const handle: SocketSwitch = {
    loseSockets: () => {
      lost = true;
      for (const socket of open.splice(0)) socket.close();
    },
    allowSockets: () => (lost = false),
  };
  Object.assign(window, handle);
}

/** Lets a page lose its socket while everything else goes on: as when a proxy is restarted. From its next load on. */
export class BreakableSockets {
  readonly #page: Page;

  private constructor(page: Page) {
    this.#page = page;
  }

  static async of(page: Page): Promise<BreakableSockets> {
    await page.evaluateOnNewDocument(watchSockets);
    return new BreakableSockets(page);
  }

  /** Ends the sockets, and lets none be opened, nor be replaced by polling. */
  async lose(): Promise<void> {
    await this.#block(['*socket.io*']);
    await this.#page.evaluate(() => (window as unknown as SocketSwitch).loseSockets());
  }

  async giveBack(): Promise<void> {
    await this.#block([]);
    await this.#page.evaluate(() => (window as unknown as SocketSwitch).allowSockets());
  }

  async #block(urls: string[]): Promise<void> {
    const devTools = await this.#page.createCDPSession();
    await devTools.send('Network.enable');
    await devTools.send('Network.setBlockedURLs', { urls });
  }
}
