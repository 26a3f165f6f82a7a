import { notificationEndpoints, type Account, type Notification } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Pages, type Page } from '../api/pages.svelte.ts';
import type { Unsubscribe } from '../emitter.ts';
import { readUpTo, type ReadRange } from './read-up-to.ts';

/** The part of the app socket that brings news. */
export interface NewsSocket {
  on(name: 'connected', listener: () => void): Unsubscribe;
  on(
    name: 'notification.added',
    listener: (payload: { readonly notification: Notification; readonly unread: number }) => void,
  ): Unsubscribe;
  on(name: 'notification.read', listener: (payload: ReadRange & { readonly unread: number }) => void): Unsubscribe;
}

interface BellOptions {
  /** Told of each notification that comes in while the page is open, but for what the person did themselves. */
  readonly onNews: (notification: Notification) => void;
  /** Told that the person has read some: other tabs count them, too. */
  readonly onRead: () => void;
}

/** Whether there can be anything under somebody's bell: news are about appointments. */
export const hasBell = ({ role, status }: Pick<Account, 'role' | 'status'>): boolean =>
  (role === 'doctor' || role === 'patient') && status === 'active';

/** As the server has them. */
const newestFirst = (one: Notification, other: Notification): number => (one.id < other.id ? 1 : -1);

/** What is under the bell of the signed-in person: the stored notifications, and those that come in while they watch. */
export class Bell {
  readonly list: Pages<Notification>;
  readonly #call: ApiCall;
  readonly #options: BellOptions;
  #unread = $state(0);
  /** Counts what came in by the socket: an answer that was written before it may not know of it. */
  #arrivals = 0;
  /** The same of what was read, here or on another device. */
  #readings = 0;

  private constructor(call: ApiCall, options: BellOptions) {
    this.#call = call;
    this.#options = options;
    this.list = Pages.create((cursor, signal) => this.#read(cursor, signal));
  }

  static create(call: ApiCall, options: BellOptions): Bell {
    return new Bell(call, options);
  }

  get unread(): number {
    return this.#unread;
  }

  /** Keeps up with a socket until the answer is called; each connection reads what was missed. */
  follow(socket: NewsSocket): Unsubscribe {
    const subscriptions = [
      socket.on('connected', () => void this.list.load()),
      socket.on('notification.added', ({ notification, unread }) => {
        this.#arrivals += 1;
        this.#unread = unread;
        this.list.prepend((known) => known.id === notification.id, notification);
        // Two that were made at once may come in either order.
        this.list.change((items) => [...items].sort(newestFirst));
        if (!notification.byYou) this.#options.onNews(notification);
      }),
      // Here or on another device.
      socket.on('notification.read', ({ unread, ...range }) => {
        this.#readings += 1;
        this.#hasRead(range, unread);
      }),
    ];
    return () => {
      for (const unsubscribe of subscriptions) unsubscribe();
      this.list.close();
    };
  }

  /** Marks one notification as read. Throws what the server refuses. */
  read({ id }: Notification): Promise<void> {
    return this.#markRead({ from: id, upTo: id });
  }

  /** Marks one notification and all older ones as read. Throws what the server refuses. */
  readUpTo({ id }: Notification): Promise<void> {
    return this.#markRead({ upTo: id });
  }

  async #markRead(range: ReadRange): Promise<void> {
    const arrivals = this.#arrivals;
    const { unread } = await this.#call(notificationEndpoints.read, { body: range });
    // Something came in meanwhile: whether this number knows of it cannot be told.
    if (arrivals !== this.#arrivals) void this.list.load();
    this.#hasRead(range, arrivals === this.#arrivals ? unread : this.#unread);
    this.#options.onRead();
  }

  #hasRead(range: ReadRange, unread: number): void {
    this.#unread = unread;
    this.list.change((items) => readUpTo(items, range));
  }

  async #read(cursor: string | undefined, signal: AbortSignal): Promise<Page<Notification>> {
    const [arrivals, readings] = [this.#arrivals, this.#readings];
    const query = cursor === undefined ? {} : { before: cursor };
    const page = await this.#call(notificationEndpoints.list, { query }, { signal });
    // Something came in or was read meanwhile: whether this answer knows of it cannot be told.
    const isSure = arrivals === this.#arrivals && readings === this.#readings;
    if (cursor === undefined && !isSure) return this.#read(cursor, signal);
    if (!signal.aborted) this.#unread = page.unread;
    return { items: page.notifications, next: page.next };
  }
}
