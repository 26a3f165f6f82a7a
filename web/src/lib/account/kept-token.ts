import { linkTokenOf } from '@health-connect/contract';
import { tabStorage } from '../storage.ts';

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
  if (token !== undefined) tabStorage.setItem(keyOf(page), token);
  return token ?? linkTokenOf(`#token=${tabStorage.getItem(keyOf(page)) ?? ''}`);
}

/** The token of a page is of no use any more. */
export function forgetToken(page: LinkPage): void {
  tabStorage.removeItem(keyOf(page));
}
