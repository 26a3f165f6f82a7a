import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * @typedef {object} PortUse
 * @property {number} port
 * @property {string} host
 * @property {readonly ('tcp' | 'udp')[]} protocols
 * @property {string} purpose what the port is for
 * @property {string} variable the environment variable that changes it
 */

const POLL_MS = 200;

/**
 * Every port that the product listens on.
 *
 * @param {import('./settings.mjs').Settings} settings
 * @returns {PortUse[]}
 */
export function portUses({ host, port, mediaPort, mongoPort, rtcPort, mediaWorkers, mongodbUri }) {
  /** @type {PortUse[]} */
  const uses = [
    { port, host, protocols: ['tcp'], purpose: 'web app and api', variable: 'HC_PORT' },
    { port: mediaPort, host, protocols: ['tcp'], purpose: 'media server', variable: 'HC_MEDIA_PORT' },
  ];
  if (mongodbUri === undefined) {
    uses.push({
      port: mongoPort,
      host: '127.0.0.1',
      protocols: ['tcp'],
      purpose: 'database',
      variable: 'HC_MONGO_PORT',
    });
  }
  for (let worker = 0; worker < mediaWorkers; worker += 1) {
    const purpose = 'audio and video';
    uses.push({ port: rtcPort + worker, host, protocols: ['tcp', 'udp'], purpose, variable: 'HC_RTC_PORT' });
  }

  return uses;
}

/**
 * Those of the ports that another program uses, looked at again and again for `patienceMs`.
 *
 * @param {readonly PortUse[]} uses
 * @param {number} patienceMs
 * @returns {Promise<PortUse[]>}
 */
export async function takenPorts(uses, patienceMs) {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const free = await Promise.all(uses.map(isFree));
    const taken = uses.filter((_use, index) => !free[index]);
    if (taken.length === 0 || Date.now() >= deadline) return taken;
    await delay(POLL_MS);
  }
}

/**
 * @param {PortUse} use
 * @returns {string}
 */
export function describeTaken({ port, purpose, variable }) {
  return `Port ${port} (${purpose}) is taken by another program: end that program, or set ${variable} to a free port.`;
}

/**
 * @param {PortUse} use
 * @returns {Promise<boolean>}
 */
async function isFree({ port, host, protocols }) {
  const answers = await Promise.all(
    protocols.map((protocol) => (protocol === 'tcp' ? canListen(port, host) : canBind(port, host))),
  );

  return answers.every(Boolean);
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canListen(port, host) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}

/**
 * @param {number} port
 * @param {string} host
 * @returns {Promise<boolean>}
 */
function canBind(port, host) {
  return new Promise((resolve) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind(port, host, () => socket.close(() => resolve(true)));
  });
}
