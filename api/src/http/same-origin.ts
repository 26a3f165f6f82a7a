import type { IncomingHttpHeaders } from 'node:http';
import { ProductError } from '@health-connect/contract';

/**
 * Refuses a state-changing request that a browser sent for another site (CSRF; OWASP, fetch metadata and Origin).
 * Programs that are not browsers send neither header; they hold no ambient cookie to abuse.
 * @param publicOrigin origin of the product's own pages
 * @throws ProductError `forbidden`
 */
export function requireSameOrigin(headers: IncomingHttpHeaders, publicOrigin: string): void {
  const site = headers['sec-fetch-site'];
  const foreignSite = site !== undefined && site !== 'same-origin';
  const foreignOrigin = headers.origin !== undefined && headers.origin !== publicOrigin;
  if (foreignSite || foreignOrigin) {
    throw new ProductError('forbidden', { message: `Open ${publicOrigin} and do this from there.` });
  }
}
