import type { DemoAccount } from '@health-connect/contract';
import { launchClient, type Client } from './browser.ts';
import { difference, readMedia, readPicture, type MediaFigures } from './media.ts';
import type { Stack } from './stack.ts';
import { waitFor } from './wait.ts';

const LIVE_PICTURE_TIMEOUT_MS = 45_000;
/** A black picture has a mean luminance near 0, of 255. */
const NOT_BLACK = 16;
/** The artificial camera draws a moving sign and a running clock: some of the picture changes all the time. */
const SOME_CHANGE = 0.002;

/** Somebody with an account at a browser of their own. Every action goes through the user interface. */
export class Person {
  readonly account: DemoAccount;
  readonly #stack: Stack;
  readonly #client: Client;

  private constructor(stack: Stack, client: Client, account: DemoAccount) {
    this.#stack = stack;
    this.#client = client;
    this.account = account;
  }

  /** Opens a browser for somebody who is not signed in. */
  static async visit(stack: Stack, account: DemoAccount): Promise<Person> {
    return new Person(stack, await launchClient(), account);
  }

  /** Opens a browser and signs in. */
  static async signIn(
    stack: Stack,
    account: DemoAccount,
    viewport?: { width: number; height: number },
  ): Promise<Person> {
    const person = new Person(stack, await launchClient(viewport), account);
    await person.page.goto(`${stack.url}/login`);
    await person.page.locator('::-p-aria([name="Email"])').fill(account.email);
    await person.page.locator('::-p-aria([name="Password"])').fill(account.password);
    await person.press('Sign in');
    const home = account.role === 'administrator' ? '/admin/people' : '/home';
    await person.page.waitForSelector(`nav a[href="${home}"][aria-current="page"]`);
    // Before the sign-in the browser reports the answer 401 to "who am I?" as an error; that one is expected.
    person.#client.problems.length = 0;
    return person;
  }

  get page() {
    return this.#client.page;
  }

  /** Script errors and console errors of the page so far. */
  get problems(): readonly string[] {
    return this.#client.problems;
  }

  /** Fills the field with this label. */
  async type(label: string, text: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${label}"][role="textbox"])`).fill(text);
  }

  /** Presses the button with this accessible name. */
  async press(name: string): Promise<void> {
    await this.page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
  }

  /** Waits until some text is to be seen. */
  async sees(text: string): Promise<void> {
    await this.page.waitForSelector(`::-p-text(${text})`, { visible: true });
  }

  /** Calls the product's own HTTP interface from within the page, with its cookies. */
  async request(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
    return this.page.evaluate(
      async (requestMethod, requestPath, requestBody) => {
        const response = await fetch(requestPath, {
          method: requestMethod,
          ...(requestBody === null
            ? {}
            : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(requestBody) }),
        });
        const answer: unknown = await response.json();
        return { status: response.status, body: answer };
      },
      method,
      path,
      body ?? null,
    );
  }

  /** From the list of appointments to the prepare page of the one that can be joined; answers its consultation id. */
  async openConsultation(): Promise<string> {
    await this.page.goto(`${this.#stack.url}/appointments`);
    await this.page.locator('a[href^="/consultation/"]').click();
    await this.page.waitForSelector('::-p-aria([name="Get ready for your call"][role="heading"])');
    return new URL(this.page.url()).pathname.split('/').at(-1) ?? '';
  }

  /** Turns the devices on, waits until picture and sound are there, and joins. */
  async join(): Promise<void> {
    await this.press('Turn on camera and microphone');
    await this.sees('We hear you');
    await this.press('Join now');
    await this.page.waitForSelector('::-p-aria([name="Leave"][role="button"])');
  }

  /** Leaves the call. The appointment's own doctor is asked whether the others stay. */
  async leave(asked: 'asked' | 'at once'): Promise<void> {
    await this.press('Leave');
    if (asked === 'asked') await this.press('Leave, others stay');
    await this.sees('You left the call');
  }

  media(): Promise<MediaFigures> {
    return readMedia(this.page);
  }

  /** Peer ids of the others whose camera is shown. */
  remotePeers(): Promise<string[]> {
    return this.page.$$eval('[data-peer-id] video[data-source="camera"]', (videos) =>
      videos.map((video) => video.closest('[data-peer-id]')?.getAttribute('data-peer-id') ?? ''),
    );
  }

  /**
   * Proves that this person sees and hears `others` people: each picture is live (neither black nor still), decoded
   * frames keep rising, and so does the energy of the received sound.
   */
  async seesAndHears(others: number): Promise<void> {
    const peers = await waitFor(
      'all tiles',
      () => this.remotePeers(),
      (ids) => ids.length === others,
    );
    for (const peer of peers) await this.#seesLivePicture(`[data-peer-id="${peer}"] video[data-source="camera"]`);
    await this.mediaKeepsRising();
  }

  /** Waits until more frames are decoded and more sound is heard than at the time of the call. */
  async mediaKeepsRising(): Promise<void> {
    const before = await this.media();
    await waitFor(
      'rising frames and sound',
      () => this.media(),
      (now) => now.framesDecoded >= before.framesDecoded + 10 && now.audioEnergy > before.audioEnergy,
      LIVE_PICTURE_TIMEOUT_MS,
    );
  }

  async #seesLivePicture(selector: string): Promise<void> {
    await this.page.waitForSelector(selector);
    const first = await waitFor(
      'a picture that is not black',
      () => readPicture(this.page, selector),
      (picture) => picture.luminance > NOT_BLACK,
      LIVE_PICTURE_TIMEOUT_MS,
    );
    await waitFor(
      'a picture that changes',
      () => readPicture(this.page, selector),
      (picture) => difference(first, picture) > SOME_CHANGE,
      LIVE_PICTURE_TIMEOUT_MS,
    );
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}
