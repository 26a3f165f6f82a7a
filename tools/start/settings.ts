import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';

/** What the supervisor itself needs to know; the servers check everything else in the environment. */
export interface Settings {
  readonly root: string;
  readonly dataDir: string;
  /** Address that the servers listen on. */
  readonly host: string;
  readonly publicUrl: string;
  readonly port: number;
  readonly mediaPort: number;
  readonly mongoPort: number;
  readonly rtcPort: number;
  readonly mediaWorkers: number;
  /** A MongoDB that somebody else runs, instead of the embedded one. */
  readonly mongodbUri: string | undefined;
  readonly demo: boolean;
}

/** A setting that the person can correct. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

/**
 * Reads the command line and the environment.
 *
 * @throws SettingsError one sentence about the first value that does not fit
 */
export function readSettings(root: string, args: readonly string[], env: NodeJS.ProcessEnv): Settings {
  const unknown = args.find((arg) => arg !== '--empty');
  if (unknown !== undefined) {
    throw new SettingsError(`npm start does not know "${unknown}": the only option is --empty (no demonstration accounts).`);
  }

  return {
    root,
    dataDir: resolve(env['HC_DATA_DIR'] || join(root, '.data')),
    host: env['HC_HOST'] || '127.0.0.1',
    publicUrl: (env['HC_PUBLIC_URL'] || 'http://localhost:3000').replace(/\/$/, ''),
    port: readNumber(env, 'HC_PORT', 3000, 65_535),
    mediaPort: readNumber(env, 'HC_MEDIA_PORT', 3001, 65_535),
    mongoPort: readNumber(env, 'HC_MONGO_PORT', 27_027, 65_535),
    rtcPort: readNumber(env, 'HC_RTC_PORT', 40_000, 65_535),
    mediaWorkers: readNumber(env, 'HC_MEDIA_WORKERS', availableParallelism(), 1024),
    mongodbUri: env['MONGODB_URI'] || undefined,
    demo: !args.includes('--empty'),
  };
}

function readNumber(env: NodeJS.ProcessEnv, name: string, fallback: number, largest: number): number {
  const text = env[name];
  if (!text) return fallback;
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= largest) return value;
  throw new SettingsError(`${name} is "${text}": give a whole number from 1 to ${largest}.`);
}
