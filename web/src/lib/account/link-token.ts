import { goto } from '$app/navigation';
import { forgetToken, tokenOf } from './kept-token.ts';

/**
 * The one-use token of a mailed link. It leaves the address bar at once, so that it is neither copied, bookmarked nor
 * left in the history of a shared computer; until `forgetLinkToken` it survives that the page is loaded again. Call it
 * when the page is mounted.
 */
export function takeLinkToken(): string | undefined {
  const token = tokenOf(location);
  if (location.hash !== '') void goto(location.pathname, { shallow: true, replace: true });
  return token;
}

/** The token was used, or has ended. */
export const forgetLinkToken = (): void => forgetToken(location);
