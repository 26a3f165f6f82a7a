import { createHash, generateKeyPairSync, randomUUID, type KeyObject } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { dirname } from 'node:path';
import {
  controlTokenSchema,
  MEDIA_ISSUER,
  MEDIA_PROTOCOL_VERSION,
  WEBHOOK_TOKEN_AUDIENCE,
  type NodeStatus,
  type RtpCapabilities,
  type Webhook,
  type WebhookEvent,
} from '@health-connect/contract';
import jwt from 'jsonwebtoken';
import type { Clock } from '../clock.ts';
import { readRawBody } from '../http/body.ts';

export const CAPABILITIES: RtpCapabilities = {
  codecs: [{ kind: 'audio', mimeType: 'audio/opus', preferredPayloadType: 100, clockRate: 48_000, channels: 2 }],
  headerExtensions: [],
};

interface KeyFiles {
  readonly mediaPublic: string;
  readonly apiPublic: string;
}

/**
 * Speaks to our API as a media node does: signs webhooks with a key pair of its own, and listens for control
 * requests, of which it checks the token exactly as the contract says.
 */
export class NodeStandIn {
  readonly nodeId = 'node-under-test';
  /** Control requests that were properly signed, as `METHOD path`. */
  readonly commands: string[] = [];
  /** While true, control requests are answered by 500. */
  failing = false;
  /** Ids of rooms about which control requests are answered by 500. */
  readonly stuckRooms = new Set<string>();
  draining = false;
  startedAt: Date;
  readonly privateKey: KeyObject;
  readonly #server: Server;
  readonly #keyFiles: KeyFiles;
  readonly #clock: Clock;
  readonly #usedTokens = new Set<string>();
  #sequence = 0;

  private constructor(server: Server, keyFiles: KeyFiles, privateKey: KeyObject, clock: Clock) {
    this.#server = server;
    this.#keyFiles = keyFiles;
    this.#clock = clock;
    this.privateKey = privateKey;
    this.startedAt = new Date(clock.now());
  }

  static async start(keyFiles: KeyFiles, clock: Clock): Promise<NodeStandIn> {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    await mkdir(dirname(keyFiles.mediaPublic), { recursive: true });
    await writeFile(keyFiles.mediaPublic, publicKey.export({ type: 'spki', format: 'pem' }));
    const server = createServer();
    const node = new NodeStandIn(server, keyFiles, privateKey, clock);
    server.on('request', (request, response) => void node.#answer(request, response));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return node;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The stand-in does not listen');
    return `http://127.0.0.1:${address.port}`;
  }

  /** A delivery, numbered on; parts can be overridden. */
  delivery(event: WebhookEvent, parts: Partial<Webhook> = {}): Webhook {
    this.#sequence += 1;
    return {
      id: randomUUID(),
      nodeId: this.nodeId,
      nodeStartedAt: this.startedAt.toISOString(),
      sequence: this.#sequence,
      occurredAt: new Date(this.#clock.now()).toISOString(),
      event,
      ...parts,
    };
  }

  heartbeat(): WebhookEvent {
    return {
      type: 'node.heartbeat',
      protocolVersion: MEDIA_PROTOCOL_VERSION,
      draining: this.draining,
      rooms: 0,
      peers: 0,
      consumers: 0,
      busiestWorkerLoad: 0,
      routerRtpCapabilities: CAPABILITIES,
    };
  }

  /** Token for exactly this body; claims can be overridden to forge one. */
  sign(body: string, claims: Readonly<Record<string, unknown>> = {}, key: KeyObject = this.privateKey): string {
    const iat = Math.floor(this.#clock.now() / 1000);
    const payload = {
      iss: MEDIA_ISSUER,
      aud: WEBHOOK_TOKEN_AUDIENCE,
      iat,
      exp: iat + 30,
      jti: randomUUID(),
      bodySha256: createHash('sha256').update(body).digest('hex'),
      ...claims,
    };
    return jwt.sign(payload, key, { algorithm: 'ES256' });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const asked = `${request.method ?? ''} ${request.url ?? ''}`;
    const fails = this.failing || [...this.stuckRooms].some((id) => asked.includes(id));
    const status = fails ? 500 : (await this.#isSigned(request, asked)) ? 200 : 401;
    if (status === 200) this.commands.push(asked);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(asked === 'GET /control/status' ? this.#status() : {}));
  }

  async #isSigned(request: IncomingMessage, asked: string): Promise<boolean> {
    const body = createHash('sha256')
      .update(await readRawBody(request))
      .digest('hex');
    const key = await readFile(this.#keyFiles.apiPublic, 'utf8');
    const token = (request.headers.authorization ?? '').replace(/^Bearer /, '');
    const clockTimestamp = Math.floor(this.#clock.now() / 1000);
    const claims = controlTokenSchema.parse(jwt.verify(token, key, { algorithms: ['ES256'], clockTimestamp }));
    const fresh = !this.#usedTokens.has(claims.jti);
    this.#usedTokens.add(claims.jti);
    return fresh && claims.request === asked && claims.bodySha256 === body;
  }

  #status(): NodeStatus {
    return {
      nodeId: this.nodeId,
      protocolVersion: MEDIA_PROTOCOL_VERSION,
      draining: this.draining,
      routerRtpCapabilities: CAPABILITIES,
      counts: { rooms: 0, peers: 0, transports: 0, producers: 0, consumers: 0 },
      workers: [],
    };
  }
}
