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
const FORBIDDEN = ['geolocation', 'payment', 'usb', 'serial', 'midi', 'accelerometer', 'gyroscope'];
const PERMISSIONS_POLICY = [
  ...ALLOWED_TO_SELF.map((feature) => `${feature}=(self)`),
  ...FORBIDDEN.map((feature) => `${feature}=()`),
].join(', ');

/**
 * Scripts are governed by the policy in the page itself, which names the hashes of its inline bootstrap. Browsers
 * enforce both, so this one has no default-src, which would forbid that script; it adds what a meta element cannot say.
 */
const PAGE_POLICY = "frame-ancestors 'none'; base-uri 'none'; object-src 'none'; form-action 'self'";
/** Answers of the API are never a page. */
const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * Security headers of every answer.
 * @param publicUrl HSTS is sent when it is https; plain http exists on localhost only
 */
export function securityHeaders(publicUrl: string): Middleware[] {
  const overTls = publicUrl.startsWith('https:');
  const headers = helmet({
    contentSecurityPolicy: false,
    strictTransportSecurity: overTls ? { maxAge: 31_536_000, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
  });
  return [
    headers,
    (ctx, next) => {
      ctx.set('Content-Security-Policy', ctx.path.startsWith('/api/') ? DATA_POLICY : PAGE_POLICY);
      ctx.set('Permissions-Policy', PERMISSIONS_POLICY);
      if (ctx.path.startsWith('/api/')) ctx.set('Cache-Control', 'no-store');
      return next();
    },
  ];
}
