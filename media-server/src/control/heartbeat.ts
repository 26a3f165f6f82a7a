import { HEARTBEAT_INTERVAL_MS, type WebhookEvent } from '@health-connect/contract';
import type { WebhookSender } from './webhook-sender.ts';

/** How soon a heartbeat that was not delivered is followed by a fresh one. */
const RETRY_MS = 500;

/** Tells `api` that this node lives: at once, then regularly; soon again while `api` does not answer. Only the latest counts. */
export class Heartbeat {
  readonly #sender: WebhookSender;
  readonly #read: () => Promise<WebhookEvent>;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  /** Something changed while a beat was on its way: another one follows it at once. */
  #again = false;
  #closed = false;

  private constructor(sender: WebhookSender, read: () => Promise<WebhookEvent>) {
    this.#sender = sender;
    this.#read = read;
  }

  /** Starts at once. `read` makes the event anew for each beat. */
  static create(sender: WebhookSender, read: () => Promise<WebhookEvent>): Heartbeat {
    const heartbeat = new Heartbeat(sender, read);
    heartbeat.beat();
    return heartbeat;
  }

  /** A beat now, as something changed that `api` has to know, or because it is time. */
  beat(): void {
    if (this.#closed) return;
    if (this.#running !== undefined) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#again = false;
    this.#running = this.#beatOnce().finally(() => {
      this.#running = undefined;
      if (this.#again) this.beat();
    });
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  async #beatOnce(): Promise<void> {
    const outcome = await this.#sender.deliver(this.#sender.envelope(await this.#read()));
    if (this.#closed) return;
    const delayMs = outcome === 'delivered' ? HEARTBEAT_INTERVAL_MS : RETRY_MS;
    this.#timer = setTimeout(() => this.beat(), delayMs);
  }
}
