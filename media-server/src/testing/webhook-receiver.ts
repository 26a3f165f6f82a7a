import { createServer, type Server } from 'node:http';
import { endpoints, webhookSchema, type Webhook } from '@health-connect/contract';

/** Stands where `api` stands for webhooks: takes them, or answers as a test wants. */
export class WebhookReceiver {
  readonly #server: Server;
  readonly received: { webhook: Webhook; authorization: string; body: string }[] = [];
  /** Status of the next answers. */
  status = 202;
  #port = 0;

  private constructor() {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = Buffer.concat(chunks).toString('utf8');
        const isThere = request.url === endpoints.mediaWebhooks.receive.path && request.method === 'POST';
        if (isThere) {
          const authorization = request.headers.authorization ?? '';
          this.received.push({ webhook: webhookSchema.parse(JSON.parse(body)), authorization, body });
        }
        response.writeHead(isThere ? this.status : 404, { 'content-type': 'application/json' }).end('{}');
      });
    });
  }

  static async create(): Promise<WebhookReceiver> {
    const receiver = new WebhookReceiver();
    await new Promise<void>((resolve) => receiver.#server.listen(0, '127.0.0.1', resolve));
    const address = receiver.#server.address();
    if (typeof address === 'object' && address !== null) receiver.#port = address.port;
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Events of rooms in the order of arrival, without heartbeats. */
  get events(): Webhook['event'][] {
    return this.received.map((one) => one.webhook.event).filter((event) => event.type !== 'node.heartbeat');
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }
}
