/**
 * Where to go after sign-in. Only paths of this app: a crafted link must not lead elsewhere after a password was typed
 * (OWASP, unvalidated redirects).
 */
export function safeReturnPath(next: string | null, origin: string): string {
  if (next === null || !next.startsWith('/')) return '/';
  try {
    const url = new URL(next, origin);
    return url.origin === origin && !url.pathname.startsWith('/login')
      ? `${url.pathname}${url.search}${url.hash}`
      : '/';
  } catch {
    return '/';
  }
}

/** The sign-in page that leads back to a place. */
export function signInPath(from: { readonly pathname: string; readonly search: string }): string {
  const path = `${from.pathname}${from.search}`;
  return path === '/' ? '/login' : `/login?next=${encodeURIComponent(path)}`;
}
