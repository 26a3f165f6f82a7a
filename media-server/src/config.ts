import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const unspecifiedAddresses = ['0.0.0.0', '::'];
const defaultPublicUrl = 'http://localhost:3000';

const port = z.coerce.number().int().min(1).max(65_535);
const flag = z.enum(['0', '1']).transform((value) => value === '1');
const originSchema = z.url().transform((value) => new URL(value).origin);

const environmentSchema = z.object({
  HC_DATA_DIR: z.string().min(1).default(join(projectRoot, '.data')),
  HC_HOST: z.string().min(1).default('127.0.0.1'),
  HC_PUBLIC_URL: z.url().default(defaultPublicUrl),
  HC_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  HC_LOG_FORMAT: z.enum(['json', 'pretty']).default('json'),
  HC_MEDIA_PORT: port.default(3001),
  HC_RTC_PORT: port.default(40_000),
  HC_RTC_ANNOUNCED_ADDRESS: z.string().min(1).max(255).optional(),
  HC_MEDIA_WORKERS: z.coerce.number().int().min(1).max(256).default(availableParallelism()),
  HC_MEDIA_NODE_ID: z
    .string()
    .regex(/^[A-Za-z0-9._-]{1,64}$/)
    .default('media-1'),
  HC_API_URL: z.url().default('http://127.0.0.1:3000'),
  HC_ALLOWED_ORIGINS: z
    .string()
    .transform((value) => value.split(',').map((origin) => origin.trim()))
    .pipe(z.array(originSchema).min(1))
    .optional(),
  HC_DRAIN_TIMEOUT_SECONDS: z.coerce.number().min(0).max(86_400).default(5),
  HC_SUPERVISED: flag.default(false),
  HC_API_PUBLIC_KEY_FILE: z.string().min(1).optional(),
  HC_MEDIA_PRIVATE_KEY_FILE: z.string().min(1).optional(),
  HC_MEDIA_PUBLIC_KEY_FILE: z.string().min(1).optional(),
  MEDIASOUP_WORKER_BIN: z.string().min(1).optional(),
});

/** Everything that the environment decides, in the units that the names say. */
export interface Config {
  readonly host: string;
  readonly httpPort: number;
  /** Worker `i` listens on UDP and TCP `rtcPort + i`. */
  readonly rtcPort: number;
  /** Address that browsers are told instead of `host`; needed behind NAT and when `host` is unspecified. */
  readonly rtcAnnouncedAddress: string | undefined;
  readonly workers: number;
  /** Path of the mediasoup worker; undefined means the one of the package. */
  readonly workerBinary: string | undefined;
  readonly nodeId: string;
  readonly apiUrl: string;
  readonly allowedOrigins: readonly string[];
  readonly drainTimeoutMs: number;
  /** Whether a supervisor holds an IPC channel whose end means: stop. */
  readonly supervised: boolean;
  readonly keys: { readonly apiPublic: string; readonly mediaPrivate: string; readonly mediaPublic: string };
  readonly log: { readonly level: string; readonly format: 'json' | 'pretty' };
  readonly version: string;
}

/** A value of the environment that cannot be used. Its message names the variables, never their values. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

const manifestSchema = z.object({ version: z.string() });

function ownVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  return manifestSchema.parse(manifest).version;
}

function withoutEmpty(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
}

/** Reads the environment once. Throws `ConfigError` with every unusable variable. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(withoutEmpty(environment));
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`);
    throw new ConfigError(`The environment is not usable. ${problems.join('; ')}`);
  }
  const env = parsed.data;
  if (unspecifiedAddresses.includes(env.HC_HOST) && env.HC_RTC_ANNOUNCED_ADDRESS === undefined) {
    throw new ConfigError(
      'HC_RTC_ANNOUNCED_ADDRESS: needed when HC_HOST is 0.0.0.0 or ::, as browsers cannot use that',
    );
  }
  if (env.HC_RTC_PORT + env.HC_MEDIA_WORKERS - 1 > 65_535) {
    throw new ConfigError('HC_RTC_PORT: too high for one port per worker');
  }
  const keyFile = (name: string): string => join(env.HC_DATA_DIR, 'keys', name);
  return {
    host: env.HC_HOST,
    httpPort: env.HC_MEDIA_PORT,
    rtcPort: env.HC_RTC_PORT,
    rtcAnnouncedAddress: env.HC_RTC_ANNOUNCED_ADDRESS,
    workers: env.HC_MEDIA_WORKERS,
    workerBinary: env.MEDIASOUP_WORKER_BIN,
    nodeId: env.HC_MEDIA_NODE_ID,
    apiUrl: env.HC_API_URL,
    allowedOrigins: env.HC_ALLOWED_ORIGINS ?? [new URL(env.HC_PUBLIC_URL).origin],
    drainTimeoutMs: env.HC_DRAIN_TIMEOUT_SECONDS * 1000,
    supervised: env.HC_SUPERVISED,
    keys: {
      apiPublic: env.HC_API_PUBLIC_KEY_FILE ?? keyFile('api.public.pem'),
      mediaPrivate: env.HC_MEDIA_PRIVATE_KEY_FILE ?? keyFile('media.private.pem'),
      mediaPublic: env.HC_MEDIA_PUBLIC_KEY_FILE ?? keyFile('media.public.pem'),
    },
    log: { level: env.HC_LOG_LEVEL, format: env.HC_LOG_FORMAT },
    version: ownVersion(),
  };
}
