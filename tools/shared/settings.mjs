import { cpus } from 'node:os';
import { join, resolve } from 'node:path';

/**
 * What the tools themselves need to know of the configuration; the servers check everything else in the environment.
 *
 * @typedef {object} Settings
 * @property {string} root
 * @property {string} dataDir
 * @property {string} host address that the servers listen on
 * @property {string} publicUrl
 * @property {number} port
 * @property {number} mediaPort
 * @property {number} mongoPort
 * @property {number} rtcPort
 * @property {number} mediaWorkers
 * @property {string | undefined} mongodbUri a MongoDB that somebody else runs, instead of the embedded one
 * @property {boolean} demo
 */

/** A setting that the person can correct. */
export class SettingsError extends Error {
  /** @param {string} message */
  constructor(message) {
    super(message);
    this.name = 'SettingsError';
  }
}

/**
 * Reads the command line and the environment.
 *
 * @param {string} root
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Settings}
 * @throws {SettingsError} one sentence about the first value that does not fit
 */
export function readSettings(root, args, env) {
  const unknown = args.find((arg) => arg !== '--empty');
  if (unknown !== undefined) {
    throw new SettingsError(
      `npm start does not know "${unknown}": the only option is --empty (no demonstration accounts).`,
    );
  }
  const port = readNumber(env, 'HC_PORT', 3000, 65_535);

  return {
    root,
    dataDir: resolve(env['HC_DATA_DIR'] || join(root, '.data')),
    host: env['HC_HOST'] || '127.0.0.1',
    publicUrl: readUrl(env['HC_PUBLIC_URL'] || `http://localhost:${port}`),
    port,
    mediaPort: readNumber(env, 'HC_MEDIA_PORT', 3001, 65_535),
    mongoPort: readNumber(env, 'HC_MONGO_PORT', 27_027, 65_535),
    rtcPort: readNumber(env, 'HC_RTC_PORT', 40_000, 65_535),
    mediaWorkers: readNumber(env, 'HC_MEDIA_WORKERS', Math.max(1, cpus().length), 1024),
    mongodbUri: env['MONGODB_URI'] || undefined,
    demo: !args.includes('--empty'),
  };
}

/**
 * Whether a browser gives camera and microphone to pages of this address: only to secure contexts, which are https and
 * this machine itself (https://w3c.github.io/webappsec-secure-contexts/).
 *
 * @param {string} url
 * @returns {boolean}
 */
export function isSecureContext(url) {
  const { protocol, hostname } = new URL(url);

  return (
    protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(hostname) || hostname.endsWith('.localhost')
  );
}

/**
 * @param {string} text
 * @returns {string} without a slash at its end
 */
function readUrl(text) {
  try {
    const { protocol, origin } = new URL(text);
    if (/^https?:$/.test(protocol)) return origin;
  } catch {
    // Said below.
  }
  throw new SettingsError(
    `HC_PUBLIC_URL is "${text}": give the address that people open, such as https://visits.hospital.example.`,
  );
}

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {string} name
 * @param {number} fallback
 * @param {number} largest
 * @returns {number}
 */
function readNumber(env, name, fallback, largest) {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= largest) return value;
  throw new SettingsError(`${name} is "${text}": give a whole number from 1 to ${largest}.`);
}
