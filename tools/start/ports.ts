import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

export interface PortUse {
  readonly port: number;
  readonly host: string;
  readonly protocols: readonly ('tcp' | 'udp')[];
  /** What the port is for, and the variable that changes it. */
  readonly purpose: string;
  readonly variable: string;
}

const POLL_MS = 200;

/** Those of the ports that another program uses, looked at again and again for `patienceMs`. */
export async function takenPorts(uses: readonly PortUse[], patienceMs: number): Promise<PortUse[]> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const taken = await lookOnce(uses);
    if (taken.length === 0 || Date.now() >= deadline) return taken;
    await delay(POLL_MS);
  }
}

export function describeTaken({ port, purpose, variable }: PortUse): string {
  return `Port ${port} (${purpose}) is taken by another program: end that program, or set ${variable} to a free port.`;
}

async function lookOnce(uses: readonly PortUse[]): Promise<PortUse[]> {
  const free = await Promise.all(uses.map((use) => isFree(use)));
  return uses.filter((_use, index) => !free[index]);
}

async function isFree({ port, host, protocols }: PortUse): Promise<boolean> {
  const answers = await Promise.all(
    protocols.map((protocol) => (protocol === 'tcp' ? canListen(port, host) : canBind(port, host))),
  );
  return answers.every(Boolean);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

function canBind(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, host, () => socket.close(() => resolve(true)));
  });
}
