import helmet from 'koa-helmet';
import type { Middleware } from 'koa';

const ALLOWED_TO_SELF = [
  'camera',
  'microphone',
  'display-capture',
  'fullscreen',
  'picture-in-picture',
  'screen-wake-lock',
];
const FORBIDDEN = [
  'geolocation',
  'payment',
  'usb',
  'serial',
  'hid',
  'bluetooth',
  'midi',
  'accelerometer',
  'gyroscope',
  'magnetometer',
  'browsing-topics',
];
const PERMISSIONS_POLICY = [
  ...ALLOWED_TO_SELF.map((feature) => `${feature}=(self)`),
  ...FORBIDDEN.map((feature) => `${feature}=()`),
].join(', ');

interface Parts {
  /** HSTS is sent when it is https; plain http exists on localhost only. */
  readonly publicUrl: string;
  /** Where browsers reach the media server. */
  readonly mediaUrl: string;
  /** CSP sources of the scripts that stand in the pages themselves. */
  readonly inlineScripts: readonly string[];
}

/** The `style` attribute of SvelteKit's route announcer, by its hash. */
const ANNOUNCER_STYLE = "'unsafe-hashes' 'sha256-S8qMpvofolR8Mpjy4kQvEm7m1q8clzU4dfDH0AmvZjo='";

/** An origin as a page connects to it: by requests and by WebSocket. */
function connections(url: string): string[] {
  const { origin } = new URL(url);
  return [origin, origin.replace(/^http/, 'ws')];
}

/** What a page may load and run. Nothing that is not named here, and only the one media server of this installation. */
function pagePolicy({ publicUrl, mediaUrl, inlineScripts }: Parts): string {
  const targets = new Set(["'self'", ...connections(publicUrl), ...connections(mediaUrl)]);
  return [
    "default-src 'none'",
    `script-src ${["'self'", ...inlineScripts].join(' ')}`,
    `connect-src ${[...targets].join(' ')}`,
    "style-src 'self'",
    `style-src-attr ${ANNOUNCER_STYLE}`,
    "img-src 'self' data: blob:",
    "media-src 'self' blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self' blob:",
    "frame-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "object-src 'none'",
    "form-action 'self'",
  ].join('; ');
}
/** Answers of the API are never a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

const STRICT_TRANSPORT_SECONDS = 31_536_000;
const isTls = (publicUrl: string): boolean => publicUrl.startsWith('https:');

/** The same for answers that do not go through these: what the socket server answers over plain requests. */
export function headersOfData(publicUrl: string): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': DATA_POLICY,
    'Permissions-Policy': PERMISSIONS_POLICY,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'same-origin',
    ...(isTls(publicUrl) ? { 'Strict-Transport-Security': `max-age=${STRICT_TRANSPORT_SECONDS}` } : {}),
  };
}

/** Security headers of every answer. */
export function securityHeaders(parts: Parts): Middleware[] {
  const { publicUrl } = parts;
  const policyOfPages = pagePolicy(parts);
  const headers = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: isTls(publicUrl) ? { maxAge: STRICT_TRANSPORT_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  return [
    headers,
    (ctx, next) => {
      ctx.set('Content-Security-Policy', ctx.path.startsWith('/api/') ? DATA_POLICY : policyOfPages);
      ctx.set('Permissions-Policy', PERMISSIONS_POLICY);
      if (ctx.path.startsWith('/api/')) ctx.set('Cache-Control', 'no-store');
      return next();
    },
  ];
}
