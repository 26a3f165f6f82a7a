import { z } from 'zod';

/**
 * Pages of the web app to which mails link. The token stands in the fragment (`/reset#token=...`), which browsers never
 * send: so it is in no log of any server or proxy on the way.
 */
export const LINK_PAGES = {
  confirmEmail: '/verify',
  resetPassword: '/reset',
  acceptInvitation: '/invitation',
} as const;
export type LinkPage = keyof typeof LINK_PAGES;

/** A one-use secret of a mailed link: 256 random bits in base64url. Stored by its hash only. */
export const linkTokenSchema = z.string().regex(/^[A-Za-z0-9_-]{43}$/, { error: 'This link is not complete' });

/** The full address of a mailed link. */
export function linkAddress(publicUrl: string, page: LinkPage, token: string): string {
  return `${publicUrl}${LINK_PAGES[page]}#token=${token}`;
}

/** The token in the fragment of the page's address, or `undefined` when there is none. */
export function linkTokenOf(fragment: string): string | undefined {
  const token = new URLSearchParams(fragment.replace(/^#/, '')).get('token');
  return linkTokenSchema.safeParse(token).data;
}
