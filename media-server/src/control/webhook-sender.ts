import { randomUUID, type KeyObject } from 'node:crypto';
import {
  endpoints,
  MEDIA_ISSUER,
  WEBHOOK_TOKEN_AUDIENCE,
  WEBHOOK_TOKEN_LIFETIME_SECONDS,
  type Webhook,
  type WebhookEvent,
} from '@health-connect/contract';
import type { Logger } from 'pino';
import { signToken } from '../tokens/service-token.ts';
import { sha256Hex } from './control-guard.ts';

const DELIVERY_TIMEOUT_MS = 5_000;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 5_000;
/** Deliveries that wait while `api` is away; the oldest is given up beyond that. */
const DEFAULT_QUEUE_LIMIT = 1_000;
/** Answers that would be the same again: the delivery itself is refused. */
const FINAL_REFUSALS = new Set([400, 413, 415, 422]);

export type DeliveryOutcome = 'delivered' | 'refused' | 'failed';

export interface WebhookSenderOptions {
  readonly apiUrl: string;
  readonly nodeId: string;
  readonly key: KeyObject;
  readonly log: Logger;
  readonly queueLimit?: number;
}

/**
 * Tells `api` what happened, in order, each until it is delivered. The id of a delivery stays the same over its
 * retries, so that `api` can tell a repetition.
 */
export class WebhookSender {
  readonly #options: WebhookSenderOptions;
  readonly #startedAt = new Date().toISOString();
  readonly #queue: Webhook[] = [];
  readonly #stop = new AbortController();
  #sequence = 0;
  #running: Promise<void> | undefined;

  private constructor(options: WebhookSenderOptions) {
    this.#options = options;
  }

  static create(options: WebhookSenderOptions): WebhookSender {
    return new WebhookSender(options);
  }

  get waiting(): number {
    return this.#queue.length;
  }

  /** Queues an event. */
  send(event: WebhookEvent): void {
    if (this.#stop.signal.aborted) return;
    if (this.#queue.length >= (this.#options.queueLimit ?? DEFAULT_QUEUE_LIMIT)) {
      const dropped = this.#queue.shift();
      this.#options.log.error({ type: dropped?.event.type }, 'webhook given up: too many are waiting');
    }
    this.#queue.push(this.envelope(event));
    this.#running ??= this.#work().finally(() => (this.#running = undefined));
  }

  /** Wraps an event for delivery, with the next sequence number. */
  envelope(event: WebhookEvent): Webhook {
    this.#sequence += 1;
    return {
      id: randomUUID(),
      nodeId: this.#options.nodeId,
      nodeStartedAt: this.#startedAt,
      sequence: this.#sequence,
      occurredAt: new Date().toISOString(),
      event,
    };
  }

  /** One attempt, signed anew. */
  async deliver(webhook: Webhook): Promise<DeliveryOutcome> {
    const body = JSON.stringify(webhook);
    const claims = { iss: MEDIA_ISSUER, aud: WEBHOOK_TOKEN_AUDIENCE, bodySha256: sha256Hex(body) };
    const token = signToken(claims, this.#options.key, WEBHOOK_TOKEN_LIFETIME_SECONDS);
    try {
      const response = await fetch(new URL(endpoints.mediaWebhooks.receive.path, this.#options.apiUrl), {
        method: endpoints.mediaWebhooks.receive.method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body,
        signal: AbortSignal.any([this.#stop.signal, AbortSignal.timeout(DELIVERY_TIMEOUT_MS)]),
      });
      await response.body?.cancel();
      if (response.ok) return 'delivered';
      this.#options.log.debug({ status: response.status, type: webhook.event.type }, 'webhook not taken');
      return FINAL_REFUSALS.has(response.status) ? 'refused' : 'failed';
    } catch (error) {
      if (!this.#stop.signal.aborted) this.#options.log.debug({ err: error }, 'webhook not delivered');
      return 'failed';
    }
  }

  /** Gives what is waiting some time to be delivered, then stops. */
  async close(flushLimitMs: number): Promise<void> {
    const limit = setTimeout(() => this.#stop.abort(), flushLimitMs);
    await this.#running;
    clearTimeout(limit);
    this.#stop.abort();
    if (this.#queue.length > 0) this.#options.log.warn({ waiting: this.#queue.length }, 'webhooks were not delivered');
  }

  async #work(): Promise<void> {
    let failures = 0;
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const outcome = await this.deliver(next);
      if (this.#stop.signal.aborted) return;
      if (outcome === 'failed') {
        await this.#wait(Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Math.min(failures, 10)));
        failures += 1;
        continue;
      }
      failures = 0;
      if (outcome === 'refused') this.#options.log.error({ type: next.event.type }, 'webhook refused for good');
      // The queue may have given it up meanwhile.
      if (this.#queue[0] === next) this.#queue.shift();
    }
  }

  #wait(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const { signal } = this.#stop;
      const done = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, delayMs);
      signal.addEventListener('abort', done);
    });
  }
}
