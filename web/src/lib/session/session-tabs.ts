const CHANNEL = 'hc.session';

/** What the tabs of a browser tell each other: they share the cookies, so what one does concerns all. */
export type SessionNews = { readonly kind: 'signed-in'; readonly accountId: string } | { readonly kind: 'signed-out' };

/** The same, and that somebody has read what is under their bell. */
export type TabNews = SessionNews | { readonly kind: 'news-read'; readonly accountId: string };

/** A tab may still run an older version of the app: what is not understood does not count. */
function newsOf(data: unknown): TabNews | undefined {
  if (typeof data !== 'object' || data === null || !('kind' in data)) return undefined;
  if (data.kind === 'signed-out') return { kind: 'signed-out' };
  if (data.kind !== 'signed-in' && data.kind !== 'news-read') return undefined;
  if (!('accountId' in data) || typeof data.accountId !== 'string') return undefined;
  return { kind: data.kind, accountId: data.accountId };
}

/** Between the tabs of one browser. A tab that cannot be told finds out by the answers of the server. */
export class SessionTabs {
  readonly #channel: BroadcastChannel | undefined;

  private constructor(hear: (news: TabNews) => void) {
    if (!('BroadcastChannel' in globalThis)) return;
    this.#channel = new BroadcastChannel(CHANNEL);
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const news = newsOf(data);
      if (news !== undefined) hear(news);
    };
  }

  /** @param hear called with what the other tabs tell */
  static open(hear: (news: TabNews) => void): SessionTabs {
    return new SessionTabs(hear);
  }

  tell(news: TabNews): void {
    this.#channel?.postMessage(news);
  }

  close(): void {
    this.#channel?.close();
  }
}
