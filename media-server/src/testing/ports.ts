import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const HOST = '127.0.0.1';

function isUdpFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', () => resolve(false));
    socket.bind(port, HOST, () => socket.close(() => resolve(true)));
  });
}

/** Asks the system for a TCP port that is free now; with `port`, whether that one is. */
function freeTcpPort(port = 0): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, HOST, () => {
      const address = server.address();
      const found = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(found));
    });
  });
}

/** First of `count` ports in a row that are free for UDP and TCP on the loopback address. */
export async function freePortRange(count: number): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const first = await freeTcpPort();
    if (first === undefined || first + count > 65_535) continue;
    const wanted = Array.from({ length: count }, (_, index) => first + index);
    const free = await Promise.all(
      wanted.map(async (port) => (await freeTcpPort(port)) === port && (await isUdpFree(port))),
    );
    if (free.every(Boolean)) return first;
  }
  throw new Error(`No ${count} free ports in a row were found`);
}
