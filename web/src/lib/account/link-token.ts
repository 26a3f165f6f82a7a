import { linkTokenOf } from '@health-connect/contract';
import { goto } from '$app/navigation';

/**
 * The one-use token of a mailed link. It leaves the address bar at once, so that it is neither copied, bookmarked nor
 * left in the history of a shared computer. Call it when the page is mounted.
 */
export function takeLinkToken(): string | undefined {
  const token = linkTokenOf(location.hash);
  if (location.hash !== '') void goto(location.pathname, { shallow: true, replace: true });
  return token;
}
