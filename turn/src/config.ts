import { z } from 'zod';

const port = (fallback: number) => z.coerce.number().int().min(1).max(65_535).default(fallback);

const environmentSchema = z
  .object({
    /** Shared with `api`, which mints time-limited credentials from it. */
    HC_TURN_SECRET: z.string().regex(/^[\x21-\x7e]{32,}$/, 'at least 32 printable characters without spaces'),
    HC_TURN_REALM: z
      .string()
      .regex(/^[A-Za-z0-9.-]{1,127}$/)
      .default('health-connect'),
    HC_TURN_PORT: port(3478),
    /** Address that coturn listens on. */
    HC_TURN_LISTEN_ADDRESS: z.ipv4().default('127.0.0.1'),
    /** Address that relayed packets leave from. IPv4 only: an IPv6 relay would get past the list below. */
    HC_TURN_RELAY_ADDRESS: z.ipv4().default('127.0.0.1'),
    /** Public address when the server is behind NAT. */
    HC_TURN_EXTERNAL_ADDRESS: z.ipv4().optional(),
    HC_TURN_MIN_RELAY_PORT: port(49_152),
    HC_TURN_MAX_RELAY_PORT: port(49_999),
    /** Addresses of the media nodes: the only peers that may be reached through the relay. */
    HC_TURN_MEDIA_ADDRESSES: z
      .string()
      .transform((list) => list.split(',').map((address) => address.trim()))
      .pipe(z.array(z.ipv4()).min(1)),
    HC_TURN_USER_QUOTA: z.coerce.number().int().min(1).default(12),
    HC_TURN_TOTAL_QUOTA: z.coerce.number().int().min(1).default(1200),
  })
  .refine((environment) => environment.HC_TURN_MIN_RELAY_PORT <= environment.HC_TURN_MAX_RELAY_PORT, {
    error: 'HC_TURN_MIN_RELAY_PORT must not be above HC_TURN_MAX_RELAY_PORT',
  });

export interface TurnConfig {
  readonly secret: string;
  readonly realm: string;
  readonly port: number;
  readonly listenAddress: string;
  readonly relayAddress: string;
  readonly externalAddress: string | undefined;
  readonly minRelayPort: number;
  readonly maxRelayPort: number;
  readonly mediaAddresses: readonly string[];
  readonly userQuota: number;
  readonly totalQuota: number;
}

/**
 * Reads the relay's settings from the environment.
 * @throws Error with one sentence per wrong variable
 */
export function readTurnConfig(environment: Readonly<Record<string, string | undefined>>): TurnConfig {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  }
  const values = parsed.data;
  return {
    secret: values.HC_TURN_SECRET,
    realm: values.HC_TURN_REALM,
    port: values.HC_TURN_PORT,
    listenAddress: values.HC_TURN_LISTEN_ADDRESS,
    relayAddress: values.HC_TURN_RELAY_ADDRESS,
    externalAddress: values.HC_TURN_EXTERNAL_ADDRESS,
    minRelayPort: values.HC_TURN_MIN_RELAY_PORT,
    maxRelayPort: values.HC_TURN_MAX_RELAY_PORT,
    mediaAddresses: values.HC_TURN_MEDIA_ADDRESSES,
    userQuota: values.HC_TURN_USER_QUOTA,
    totalQuota: values.HC_TURN_TOTAL_QUOTA,
  };
}
