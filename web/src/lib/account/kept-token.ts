import { linkTokenOf } from '@health-connect/contract';
import { keepIfPossible } from '../storage.ts';

/** A page that a mailed link opens. */
interface LinkPage {
  readonly pathname: string;
  readonly hash: string;
}

const keyOf = ({ pathname }: LinkPage): string => `hc.link.${pathname}`;

/**
 * The one-use token with which a page was opened. It stays in this tab, so that the page can be loaded again, until it
 * was used or proved to have ended.
 */
export function tokenOf(page: LinkPage): string | undefined {
  const token = linkTokenOf(page.hash);
  try {
    if (token !== undefined) keepIfPossible(sessionStorage, keyOf(page), token);
    return token ?? linkTokenOf(`#token=${sessionStorage.getItem(keyOf(page)) ?? ''}`);
  } catch {
    return token;
  }
}

/** The token of a page is of no use any more. */
export function forgetToken(page: LinkPage): void {
  try {
    sessionStorage.removeItem(keyOf(page));
  } catch {
    // Storage that is blocked holds nothing either.
  }
}
