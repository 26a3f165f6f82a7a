import type { Notification } from '@health-connect/contract';

/** Whether the open page shows by itself what a piece of news is about; it may have to look first. */
export type ShowsNews = (news: Notification) => boolean | Promise<boolean>;

/** What the open page tells of by itself: a message that says it once more would only cover it. It stays under the bell. */
export class ShownNews {
  readonly #shown = new Set<ShowsNews>();

  static create(): ShownNews {
    return new ShownNews();
  }

  /** It is on the page until the answer is called. */
  add(shows: ShowsNews): () => void {
    this.#shown.add(shows);
    return () => this.#shown.delete(shows);
  }

  /** Never throws: what cannot be found out is told. */
  async has(news: Notification): Promise<boolean> {
    const asked = [...this.#shown].map(async (shows) => shows(news));
    const answers = await Promise.allSettled(asked);
    return answers.some((answer) => answer.status === 'fulfilled' && answer.value);
  }
}
