import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { describeTaken, portUses, takenPorts } from './ports.mjs';
import { readSettings } from './settings.mjs';

const close: (() => void)[] = [];
const use = (port: number, protocols: readonly ('tcp' | 'udp')[]) => ({
  ...{ port, protocols, host: '127.0.0.1', purpose: 'tests', variable: 'HC_TEST_PORT' },
});

describe('ports', () => {
  afterEach(() => close.splice(0).forEach((end) => end()));

  it('are taken while a TCP server listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    expect(await takenPorts([use(port, ['tcp'])], 0)).toHaveLength(1);
    setTimeout(() => server.close(), 100);

    expect(await takenPorts([use(port, ['tcp'])], 5000)).toEqual([]);
  });

  it('are taken while a UDP socket is bound', async () => {
    const socket = createSocket('udp4').bind(0, '127.0.0.1');
    close.push(() => socket.close());
    await once(socket, 'listening');
    const { port } = socket.address();

    expect(await takenPorts([use(port, ['tcp', 'udp'])], 0)).toHaveLength(1);
  });

  it('are named with the variable that changes them', () => {
    expect(describeTaken(use(3000, ['tcp']))).toBe(
      'Port 3000 (tests) is taken by another program: end that program, or set HC_TEST_PORT to a free port.',
    );
  });

  it('are one for each media worker, and none for a database that somebody else runs', () => {
    const env = { HC_MEDIA_WORKERS: '3', MONGODB_URI: 'mongodb://elsewhere' };

    expect(portUses(readSettings('/root', [], env)).map(({ port }) => port)).toEqual([3000, 3001, 40000, 40001, 40002]);
  });
});
