import { accessSync, constants, existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromiumVersion, findChromium } from '../bootstrap/chromium.mjs';
import { findTurnserver } from '../bootstrap/coturn.mjs';
import { mongodVersion } from '../bootstrap/mongod/binary.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { nodeCandidate, nodeVersion } from '../bootstrap/own-node.mjs';
import { packagesInstalled } from '../bootstrap/packages.mjs';
import { findWorker, workerPlaces } from '../bootstrap/worker/resolve.mjs';
import { portUses, takenPorts } from '../shared/ports.mjs';
import { runningSupervisor } from '../shared/running-instance.mjs';
import { isSecureContext } from '../shared/settings.mjs';

/**
 * @typedef {import('./main.mjs').Finding} Finding
 *
 * @typedef {object} Context
 * @property {string} root
 * @property {import('../bootstrap/cache.mjs').Cache} cache
 * @property {import('../shared/settings.mjs').Settings} settings
 *
 * @typedef {object} Check
 * @property {string} label
 * @property {(context: Context) => Promise<Finding[]>} look
 */

/** @type {readonly Check[]} */
export const checks = [
  { label: 'Node', look: lookAtNode },
  { label: 'npm packages', look: lookAtPackages },
  { label: 'mediasoup worker', look: lookAtWorker },
  { label: 'MongoDB', look: lookAtMongod },
  { label: 'Chromium', look: lookAtChromium },
  { label: 'coturn', look: lookAtTurnserver },
  { label: 'ports', look: lookAtPorts },
  { label: 'secure context', look: lookAtSecureContext },
  { label: 'data folder', look: lookAtDataFolder },
];

/** @type {Check['look']} */
async function lookAtNode({ root }) {
  const path = nodeCandidate(root);
  const version = path === process.execPath ? process.version : await nodeVersion(path);
  if (version) return [{ verdict: 'ok', what: `${version} (${path})` }];

  return [{ verdict: 'missing', what: `no Node 24 at ${path}`, advice: '"npm start" brings it, or set HC_NODE_BIN' }];
}

/** @type {Check['look']} */
async function lookAtPackages({ root }) {
  if (packagesInstalled(root)) return [{ verdict: 'ok', what: 'as package-lock.json pins them' }];

  return [{ verdict: 'missing', what: 'not what package-lock.json pins', advice: '"npm start" installs them' }];
}

/** @type {Check['look']} */
async function lookAtWorker({ root, cache }) {
  const { version } = workerPlaces(root);
  const path = process.env['MEDIASOUP_WORKER_BIN'] || (await findWorker(root, cache));
  if (!path) {
    const advice = '"npm start" downloads or compiles it (minutes, once), or set MEDIASOUP_WORKER_BIN';

    return [{ verdict: 'missing', what: `no worker of mediasoup ${version}`, advice }];
  }
  const note = join(dirname(path), 'libsrtp.txt');
  const library = existsSync(note) ? `, libsrtp: ${readFileSync(note, 'utf8').trim()}` : '';

  return [{ verdict: 'ok', what: `mediasoup ${version} (${path}${library})` }];
}

/** @type {Check['look']} */
async function lookAtMongod({ cache, settings }) {
  if (settings.mongodbUri) return [{ verdict: 'ok', what: 'the server that MONGODB_URI names' }];
  const path = await findMongod(cache);
  if (path) return [{ verdict: 'ok', what: `mongod ${await mongodVersion(path)} (${path})` }];

  return [{ verdict: 'missing', what: 'no mongod', advice: '"npm start" gets one, or set MONGODB_URI or MONGOD_BIN' }];
}

/** @type {Check['look']} */
async function lookAtChromium({ cache }) {
  const path = await findChromium(cache);
  if (path) return [{ verdict: 'ok', what: `${await chromiumVersion(path)} (${path})` }];

  return [{ verdict: 'warning', what: 'none', advice: 'for the tests only: "npm test" gets one, or set CHROMIUM_BIN' }];
}

/** @type {Check['look']} */
async function lookAtTurnserver() {
  const path = findTurnserver();
  if (path) return [{ verdict: 'ok', what: path }];
  const advice = 'needed only where a network blocks direct media: install coturn, or set TURNSERVER_BIN';

  return [{ verdict: 'warning', what: 'none', advice }];
}

/** @type {Check['look']} */
async function lookAtPorts({ settings }) {
  const uses = portUses(settings);
  const taken = await takenPorts(uses, 0);
  if (taken.length === 0) return [{ verdict: 'ok', what: `${uses.map(({ port }) => port).join(', ')} are free` }];
  const running = runningSupervisor(settings.dataDir);
  if (running) return [{ verdict: 'ok', what: `used by Health Connect, which runs (process ${running})` }];

  return taken.map(({ port, purpose, variable }) => ({
    verdict: 'missing',
    what: `${port} (${purpose}) is taken by another program`,
    advice: `end that program, or set ${variable} to a free port`,
  }));
}

/** @type {Check['look']} */
async function lookAtSecureContext({ settings: { publicUrl } }) {
  if (isSecureContext(publicUrl)) return [{ verdict: 'ok', what: publicUrl }];
  const advice =
    'browsers give camera and microphone to https addresses and localhost only: set HC_PUBLIC_URL to such a one';

  return [{ verdict: 'missing', what: publicUrl, advice }];
}

/** @type {Check['look']} */
async function lookAtDataFolder({ settings: { dataDir } }) {
  const folder = existsSync(dataDir) ? dataDir : dirname(dataDir);
  try {
    accessSync(folder, constants.W_OK);

    return [{ verdict: 'ok', what: `${dataDir}${existsSync(dataDir) ? '' : ' (made by the first start)'}` }];
  } catch {
    return [
      { verdict: 'missing', what: `${folder} cannot be written to`, advice: 'change its owner, or set HC_DATA_DIR' },
    ];
  }
}
