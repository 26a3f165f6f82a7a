import { keepIfPossible } from '../storage.ts';

/**
 * Where to go after sign-in. Only paths of this app: a crafted link must not lead elsewhere after a password was typed
 * (OWASP, unvalidated redirects).
 */
export function safeReturnPath(next: string | null, origin: string): string {
  if (next === null || !next.startsWith('/')) return '/';
  try {
    const url = new URL(next, origin);
    // Without its dots a path may begin with two slashes: then it is read as another host (`/.//evil.example`).
    const isOurs = url.origin === origin && !url.pathname.startsWith('//');
    return isOurs && !url.pathname.startsWith('/login') ? `${url.pathname}${url.search}${url.hash}` : '/';
  } catch {
    return '/';
  }
}

/** A place within the app. */
export interface Place {
  readonly pathname: string;
  readonly search: string;
}

/** A page on the way to being signed in that leads back to a place. */
export function pathWithNext(page: '/login' | '/signup', { pathname, search }: Place): string {
  const path = `${pathname}${search}`;
  return path === '/' ? page : `${page}?next=${encodeURIComponent(path)}`;
}

/** The sign-in page that leads back to a place. */
export function signInPath(from: Place): string {
  return pathWithNext('/login', from);
}

const RETURN_KEY = 'hc.return';
const RETURN_MS = 24 * 60 * 60_000;

const sameMailbox = (email: string): string => email.trim().toLowerCase();

/**
 * Keeps where somebody was when they began to make an account: the way to their first sign-in leads through their mail,
 * and often another tab. Only they are brought back there, and only for a day.
 */
export function rememberReturn(
  storage: Pick<Storage, 'setItem'>,
  { email, path }: { readonly email: string; readonly path: string },
  nowMs = Date.now(),
): void {
  const kept = new URLSearchParams({ email: sameMailbox(email), path, until: String(nowMs + RETURN_MS) });
  keepIfPossible(storage, RETURN_KEY, kept.toString());
}

/** Where this person was, once; `null` for anybody else. */
export function takeReturn(
  storage: Pick<Storage, 'getItem' | 'removeItem'>,
  email: string,
  nowMs = Date.now(),
): string | null {
  forgetOldReturn(storage, nowMs);
  const kept = new URLSearchParams(storage.getItem(RETURN_KEY) ?? '');
  if (kept.get('email') !== sameMailbox(email)) return null;
  storage.removeItem(RETURN_KEY);
  return kept.get('path');
}

/** Removes a way back whose day is over, whosever it was: an address must not stay in a browser for nothing. */
export function forgetOldReturn(storage: Pick<Storage, 'getItem' | 'removeItem'>, nowMs = Date.now()): void {
  const kept = storage.getItem(RETURN_KEY);
  if (kept === null) return;
  const leftMs = Number(new URLSearchParams(kept).get('until')) - nowMs;
  // Further away than a day: the clock was set back since.
  if (!(leftMs > 0 && leftMs <= RETURN_MS)) storage.removeItem(RETURN_KEY);
}
