import type { Context } from 'koa';
import type { SessionCookie } from './binding.ts';

/** `__Host-` binds the cookie to this host, to https (or localhost) and to the whole site (RFC 6265bis, 4.1.3). */
export const SESSION_COOKIE = '__Host-hc_session';

/** Value of a cookie in a `Cookie` header; the first one when a name comes twice. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(';') ?? []) {
    const separator = pair.indexOf('=');
    if (separator > 0 && pair.slice(0, separator).trim() === name) return pair.slice(separator + 1).trim();
  }
  return undefined;
}

/** The session cookie of a request, readable by the server only (R30). */
export function sessionCookieOf(ctx: Context): SessionCookie {
  const write = (token: string | null, expires: Date): void => {
    // The browser decides whether the channel is safe (localhost is); Koa would refuse over plain http.
    ctx.cookies.secure = true;
    ctx.cookies.set(SESSION_COOKIE, token, {
      expires,
      httpOnly: true,
      secure: true,
      sameSite: 'strict',
      path: '/',
      overwrite: true,
    });
  };
  return {
    token: readCookie(ctx.headers.cookie, SESSION_COOKIE),
    set: write,
    clear: () => {
      write(null, new Date(0));
    },
  };
}
