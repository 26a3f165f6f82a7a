import type { Context } from 'koa';
import type { SessionCookies } from './binding.ts';

/** `__Host-` binds a cookie to this host, to https (or localhost) and to the whole site (RFC 6265bis, 4.1.3). */
export const SESSION_COOKIE = '__Host-hc_session';
export const REFRESH_COOKIE = '__Host-hc_refresh';
export const DEVICE_COOKIE = '__Host-hc_device';
/** Browsers keep cookies for 400 days at the longest (RFC 6265bis, 5.5). */
const DEVICE_LIFETIME_MS = 365 * 24 * 60 * 60_000;

/** Value of a cookie in a `Cookie` header; the first one when a name comes twice. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return undefined;
}

/** The session's cookies of a request, readable by the server only (R30). */
export function sessionCookiesOf(ctx: Context): SessionCookies {
  const write = (name: string, token: string | null, expires: Date): void => {
    // The browser decides whether the channel is safe (localhost is); Koa would refuse over plain http.
    ctx.cookies.secure = true;
    ctx.cookies.set(name, token, {
      expires,
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
      path: '/',
      overwrite: true,
    });
  };
  return {
    access: readCookie(ctx.headers.cookie, SESSION_COOKIE),
    refresh: readCookie(ctx.headers.cookie, REFRESH_COOKIE),
    device: readCookie(ctx.headers.cookie, DEVICE_COOKIE),
    keepDevice: (marks) => write(DEVICE_COOKIE, marks, new Date(Date.now() + DEVICE_LIFETIME_MS)),
    set: ({ access, refresh }) => {
      write(SESSION_COOKIE, access.token, access.expiresAt);
      write(REFRESH_COOKIE, refresh.token, refresh.expiresAt);
    },
    clear: () => {
      for (const name of [SESSION_COOKIE, REFRESH_COOKIE]) write(name, null, new Date(0));
    },
  };
}
