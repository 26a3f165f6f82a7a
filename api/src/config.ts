import { availableParallelism } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Relay } from './consultations/ice-servers.ts';

const ROOT = resolve(import.meta.dirname, '../..');

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const flag = z.enum(['0', '1'], { error: 'must be 0 or 1' }).transform((value) => value === '1');
const port = z.coerce.number().pipe(z.int({ error: 'must be a port number' }).min(0).max(65_535));
const httpUrl = z
  .url({ protocol: /^https?$/, error: 'must be a full http(s) address' })
  .transform(withoutTrailingSlash);
const path = z
  .string()
  .min(1)
  .transform((value) => resolve(value));

const relayUrls = z
  .string()
  .transform((list) => list.split(',').map((url) => url.trim()))
  .pipe(z.array(z.string().regex(/^turns?:[^\s,]+$/, { error: 'must be a list of turn: or turns: addresses' })));
const relaySecret = z.string().regex(/^[\x21-\x7e]{32,}$/, { error: 'needs at least 32 printable characters' });

const smtpUrl = z.url({ protocol: /^smtps?$/, error: 'must be an address such as smtp://user:password@host:587' });
const mailFrom = z
  .string()
  .regex(/^[^\r\n]*[^\s@<>]+@[^\s@<>]+>?$/, { error: 'must be a sender such as Clinic <no-reply@clinic.example>' });

const phoneNumber = z
  .string()
  .regex(/^\+?[\d ()/.-]{3,30}$/, { error: 'must be a telephone number such as +49 30 1234567' });

const environmentSchema = z.object({
  HC_DATA_DIR: path.default(join(ROOT, '.data')),
  HC_HOST: z.string().min(1).default('127.0.0.1'),
  HC_PORT: port.default(3000),
  HC_PUBLIC_URL: httpUrl.default('http://localhost:3000'),
  HC_LOG_LEVEL: z.enum(LOG_LEVELS, { error: `must be one of ${LOG_LEVELS.join(', ')}` }).default('info'),
  HC_LOG_FORMAT: z.enum(['json', 'pretty'], { error: 'must be json or pretty' }).default('json'),
  HC_WEB_DIR: path.default(join(ROOT, 'web/build')),
  HC_DEMO: flag.default(false),
  HC_SUPERVISED: flag.default(false),
  HC_JOBS: flag.default(true),
  HC_JOIN_EARLY_MINUTES: z.coerce
    .number()
    .pipe(z.int({ error: 'must be a whole number of minutes' }).min(0).max(1440))
    .default(30),
  HC_CLINIC_PHONE: phoneNumber.optional(),
  HC_REQUIRE_SECOND_FACTOR: flag.default(false),
  HC_TRUST_PROXY: z.coerce
    .number()
    .pipe(z.int({ error: 'must be the number of proxies before this server' }).min(0).max(8))
    .default(0),
  HC_MEDIA_CONTROL_URL: httpUrl.default('http://127.0.0.1:3001'),
  HC_MEDIA_PUBLIC_URL: httpUrl.default('http://localhost:3001'),
  HC_SMTP_URL: smtpUrl.optional(),
  HC_MAIL_FROM: mailFrom.optional(),
  HC_TURN_URLS: relayUrls.optional(),
  HC_TURN_SECRET: relaySecret.optional(),
  HC_API_PRIVATE_KEY_FILE: path.optional(),
  HC_API_PUBLIC_KEY_FILE: path.optional(),
  HC_MEDIA_PUBLIC_KEY_FILE: path.optional(),
  MONGODB_URI: z
    .string({ error: 'is required: the address of the MongoDB replica set' })
    .regex(/^mongodb(\+srv)?:\/\//, {
      error: 'must start with mongodb:// or mongodb+srv://',
    }),
});

/** Name of every setting that the api server reads. */
export const SETTINGS: readonly string[] = Object.keys(environmentSchema.shape);

/** Where mails are handed over, and as whom. */
export interface MailServer {
  /** `smtp:` (STARTTLS when offered) or `smtps:`. */
  readonly url: string;
  readonly from: string;
}

/** Settings of the api server, checked once at start. Durations carry their unit in the name. */
export interface Config {
  readonly dataDir: string;
  readonly host: string;
  /** 0 lets the system choose (tests). */
  readonly port: number;
  /** Where browsers reach the product: scheme, host and port, no trailing slash. */
  readonly publicUrl: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  readonly logFormat: 'json' | 'pretty';
  readonly webDir: string;
  readonly demo: boolean;
  /** Whether a parent process watches over this one and it must end with it. */
  readonly supervised: boolean;
  /** Whether this process takes part in the jobs that come round again; at least one process has to. */
  readonly jobs: boolean;
  readonly joinEarlyMinutes: number;
  /** Where people reach the clinic by telephone; `undefined` where help is not to name a number. */
  readonly clinicPhone: string | undefined;
  /** Whether doctors and administrators must have a second factor. */
  readonly requireSecondFactor: boolean;
  /** How many proxies of ours stand before this server and say who asks; with 0 nobody is believed. */
  readonly trustedProxies: number;
  readonly mediaControlUrl: string;
  readonly mediaPublicUrl: string;
  /** The relay for networks that block direct media; `undefined` where there is none. */
  readonly relay: Relay | undefined;
  /** The mail server; without one, mails stay in the outbox. */
  readonly mail: MailServer | undefined;
  readonly keyFiles: { readonly apiPrivate: string; readonly apiPublic: string; readonly mediaPublic: string };
  readonly sessionKeyFile: string;
  /** Key of authenticator secrets. */
  readonly secondFactorKeyFile: string;
  /** Key of what waits in queues: mails hold links that open accounts. */
  readonly queueKeyFile: string;
  /** Key that marks audit entries as written by this product. */
  readonly auditKeyFile: string;
  /** Where the heads of the audit chain are noted, outside of the database. */
  readonly auditHeadsFile: string;
  readonly mongodbUri: string;
  /** How many passwords are hashed at once: half of the cores are left to calls and to the database (A7). */
  readonly hashingConcurrency: number;
}

/** A setting that makes a start impossible; its message is one sentence that names the variable. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

function withoutTrailingSlash(url: string): string {
  return url.replace(/\/+$/, '');
}

function relayOf(urls: readonly string[] | undefined, secret: string | undefined): Relay | undefined {
  if (urls === undefined) return undefined;
  if (secret === undefined) throw new ConfigError('The setting HC_TURN_SECRET is required together with HC_TURN_URLS.');
  return { urls, secret };
}

function mailServerOf(url: string | undefined, from: string | undefined): MailServer | undefined {
  if (url === undefined) return undefined;
  if (from === undefined) throw new ConfigError('The setting HC_MAIL_FROM is required together with HC_SMTP_URL.');
  return { url, from };
}

/**
 * Reads and checks the environment.
 * @throws ConfigError naming the first variable that is missing or wrong
 */
export function loadConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = environmentSchema.safeParse(present);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new ConfigError(`The setting ${String(issue?.path[0])} ${issue?.message ?? 'is wrong'}.`);
  }
  const env = parsed.data;
  const keys = join(env.HC_DATA_DIR, 'keys');
  return {
    dataDir: env.HC_DATA_DIR,
    host: env.HC_HOST,
    port: env.HC_PORT,
    publicUrl: env.HC_PUBLIC_URL,
    logLevel: env.HC_LOG_LEVEL,
    logFormat: env.HC_LOG_FORMAT,
    webDir: env.HC_WEB_DIR,
    demo: env.HC_DEMO,
    supervised: env.HC_SUPERVISED,
    jobs: env.HC_JOBS,
    joinEarlyMinutes: env.HC_JOIN_EARLY_MINUTES,
    clinicPhone: env.HC_CLINIC_PHONE,
    requireSecondFactor: env.HC_REQUIRE_SECOND_FACTOR,
    trustedProxies: env.HC_TRUST_PROXY,
    mediaControlUrl: env.HC_MEDIA_CONTROL_URL,
    mediaPublicUrl: env.HC_MEDIA_PUBLIC_URL,
    relay: relayOf(env.HC_TURN_URLS, env.HC_TURN_SECRET),
    mail: mailServerOf(env.HC_SMTP_URL, env.HC_MAIL_FROM),
    keyFiles: {
      apiPrivate: env.HC_API_PRIVATE_KEY_FILE ?? join(keys, 'api.private.pem'),
      apiPublic: env.HC_API_PUBLIC_KEY_FILE ?? join(keys, 'api.public.pem'),
      mediaPublic: env.HC_MEDIA_PUBLIC_KEY_FILE ?? join(keys, 'media.public.pem'),
    },
    sessionKeyFile: join(keys, 'session.key'),
    secondFactorKeyFile: join(keys, 'second-factor.key'),
    queueKeyFile: join(keys, 'queue.key'),
    auditKeyFile: join(keys, 'audit.key'),
    auditHeadsFile: join(env.HC_DATA_DIR, 'audit-heads.log'),
    mongodbUri: env.MONGODB_URI,
    hashingConcurrency: Math.max(1, Math.floor(availableParallelism() / 2)),
  };
}
