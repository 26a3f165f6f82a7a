import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { API_ISSUER, CONTROL_TOKEN_AUDIENCE, type JoinTokenClaims } from '@health-connect/contract';
import { pino } from 'pino';
import type { Config } from '../config.ts';
import { MediaNode } from '../node.ts';
import { joinClaims, signAsApi } from './join-tokens.ts';
import { freePortRange } from './ports.ts';
import { TestClient } from './test-client.ts';
import { WebhookReceiver } from './webhook-receiver.ts';

const ORIGIN = 'http://clinic.test';

/** A real node with real workers, a webhook receiver in the place of `api`, and the key that `api` would have. */
export class TestNode {
  readonly node: MediaNode;
  readonly webhooks: WebhookReceiver;
  readonly apiKey: KeyObject;
  readonly apiPublicPem: string;
  readonly config: Config;
  /** Every line that the node has logged, as written. */
  readonly logLines: string[];
  readonly url: string;
  readonly #dataDir: string;
  readonly #clients: TestClient[] = [];

  private constructor(
    parts: Pick<TestNode, 'node' | 'webhooks' | 'apiKey' | 'apiPublicPem' | 'config' | 'logLines'> & {
      dataDir: string;
    },
  ) {
    this.node = parts.node;
    this.webhooks = parts.webhooks;
    this.apiKey = parts.apiKey;
    this.apiPublicPem = parts.apiPublicPem;
    this.config = parts.config;
    this.logLines = parts.logLines;
    this.url = `http://127.0.0.1:${parts.node.port}`;
    this.#dataDir = parts.dataDir;
  }

  static async create(options: { workers?: number } = {}): Promise<TestNode> {
    const dataDir = await mkdtemp(join(tmpdir(), 'media-node-'));
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const apiPublicPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    await writeFile(join(dataDir, 'api.public.pem'), apiPublicPem);
    const webhooks = await WebhookReceiver.create();
    const workers = options.workers ?? 1;
    const config: Config = {
      host: '127.0.0.1',
      httpPort: 0,
      rtcPort: await freePortRange(workers),
      rtcAnnouncedAddress: undefined,
      workers,
      workerBinary: process.env['MEDIASOUP_WORKER_BIN'],
      nodeId: 'media-test',
      apiUrl: webhooks.url,
      allowedOrigins: [ORIGIN],
      drainTimeoutMs: 0,
      supervised: false,
      keys: {
        apiPublic: join(dataDir, 'api.public.pem'),
        mediaPrivate: join(dataDir, 'keys', 'media.private.pem'),
        mediaPublic: join(dataDir, 'keys', 'media.public.pem'),
      },
      log: { level: 'debug', format: 'json' },
      version: '0.0.0',
    };
    const logLines: string[] = [];
    const log = pino({ level: 'debug' }, { write: (line: string) => void logLines.push(line) });
    const node = await MediaNode.create(config, log);
    return new TestNode({ node, webhooks, apiKey: privateKey, apiPublicPem, config, logLines, dataDir });
  }

  /** A token as `api` makes them. */
  token(changes: Partial<JoinTokenClaims> = {}): string {
    return signAsApi(joinClaims(changes), this.apiKey);
  }

  /** Opens a socket with this handshake; the result tells whether it was let in. */
  async open(auth: object, origin = ORIGIN): Promise<TestClient> {
    const client = await TestClient.open(this.url, auth, origin);
    this.#clients.push(client);
    return client;
  }

  /** Opens a socket with a good token. */
  async enter(changes: Partial<JoinTokenClaims> = {}): Promise<TestClient> {
    return this.open({ protocolVersion: 1, token: this.token(changes) });
  }

  /** Opens a socket with a good token and joins. */
  async join(changes: Partial<JoinTokenClaims> = {}): Promise<TestClient> {
    const client = await this.enter(changes);
    await client.join();
    return client;
  }

  /** Sends a control request as `api` does; `claims` change what is signed. */
  async control(
    method: 'GET' | 'POST',
    path: string,
    body = '',
    claims: Record<string, unknown> = {},
  ): Promise<Response> {
    const iat = Math.floor(Date.now() / 1000);
    const signed = {
      iss: API_ISSUER,
      aud: CONTROL_TOKEN_AUDIENCE,
      iat,
      exp: iat + 30,
      jti: randomUUID(),
      request: `${method} ${path}`,
      bodySha256: createHash('sha256').update(body).digest('hex'),
      ...claims,
    };
    return this.controlWith(signAsApi(signed, this.apiKey), method, path, body);
  }

  async controlWith(token: string, method: 'GET' | 'POST', path: string, body = ''): Promise<Response> {
    return fetch(`${this.url}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === '' ? {} : { body }),
    });
  }

  async close(): Promise<void> {
    for (const client of this.#clients) client.close();
    await this.node.close();
    await this.webhooks.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }
}
