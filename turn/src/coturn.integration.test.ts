import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findFreePort } from '../../tools/testing/free-port.ts';
import { readTurnConfig } from './config.ts';
import { renderCoturnConfiguration } from './coturn-configuration.ts';

const turnserver = process.env['TURNSERVER_BIN'];
/** RFC 8489: message types and the magic cookie. */
const BINDING_REQUEST = 0x0001;
const BINDING_SUCCESS = 0x0101;
const ALLOCATE_REQUEST = 0x0003;
const ALLOCATE_ERROR = 0x0113;
const MAGIC_COOKIE = 0x2112a442;
const RETRY_INTERVAL_MS = 100;

let folder: string;
let relay: ChildProcess | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'health-connect-turn-'));
});
afterEach(async () => {
  if (relay !== undefined && relay.exitCode === null) {
    relay.kill('SIGKILL');
    await once(relay, 'exit');
  }
  rmSync(folder, { recursive: true });
});

/** A STUN message without attributes. */
function message(type: number): Buffer {
  const header = Buffer.alloc(20);
  header.writeUInt16BE(type, 0);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  return header;
}

/** Sends a request until it is answered, as STUN clients do over UDP; the type of the answer. */
async function ask(port: number, type: number): Promise<number> {
  const socket = createSocket('udp4');
  const request = message(type);
  const retry = setInterval(() => {
    socket.send(request, port, '127.0.0.1');
  }, RETRY_INTERVAL_MS);
  try {
    const answer = await new Promise<Buffer>((resolve) => socket.once('message', resolve));
    expect(answer.subarray(4, 20)).toEqual(request.subarray(4, 20));
    return answer.readUInt16BE(0);
  } finally {
    clearInterval(retry);
    socket.close();
  }
}

it.skipIf(turnserver === undefined)(
  'coturn takes the rendered configuration and relays for nobody without a credential (R7)',
  async () => {
    const port = await findFreePort();
    const config = readTurnConfig({
      HC_TURN_SECRET: randomBytes(32).toString('hex'),
      HC_TURN_MEDIA_ADDRESSES: '127.0.0.1',
      HC_TURN_PORT: String(port),
    });
    const file = join(folder, 'turnserver.conf');
    writeFileSync(file, renderCoturnConfiguration(config));
    relay = spawn(turnserver ?? '', ['-c', file, '--pidfile', join(folder, 'pid')], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [relay.stdout, relay.stderr])
      stream?.on('data', (chunk: Buffer) => (output += chunk.toString()));

    expect(await ask(port, BINDING_REQUEST)).toBe(BINDING_SUCCESS);
    expect(await ask(port, ALLOCATE_REQUEST)).toBe(ALLOCATE_ERROR);
    expect(output).not.toMatch(/bad configuration|unknown option|unrecognized/i);
  },
);
