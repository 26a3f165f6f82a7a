import { type Account, authEndpoints, type Notification } from '@health-connect/contract';
import { createContext, tick, untrack } from 'svelte';
import { forgetDrafts } from '../account/form-drafts.ts';
import { createApiClient, type ApiCall } from '../api/client.ts';
import { instantNow } from '../appointments/when.ts';
import { Bell, hasBell } from '../notifications/bell.svelte.ts';
import { AppSocket } from '../realtime/app-socket.ts';
import { keepSignedIn } from '../realtime/keep-signed-in.ts';
import { SessionRefresh } from '../session/refresh.ts';
import { forgetOldReturn } from '../session/return-to.ts';
import { SessionTabs, type TabNews } from '../session/session-tabs.ts';
import { Session } from '../session/session.svelte.ts';
import { ShownZone } from '../session/shown-zone.svelte.ts';
import { tellTimeZone } from '../session/time-zone.ts';
import { Theme } from '../session/theme.svelte.ts';
import { Announcer } from '../ui/announcer.svelte.ts';
import { Toasts } from '../ui/toasts.svelte.ts';
import { ClinicContact } from './clinic-contact.svelte.ts';
import { ShownNews } from './shown-news.ts';
import { UnsavedWorks } from './unsaved-work.ts';

/** What somebody can do in a call also while it is out of sight. */
export interface RunningCall {
  readonly microphoneOn: boolean;
  readonly cameraOn: boolean;
  toggle(part: 'microphone' | 'camera'): void;
  leave(): void;
}

/** What lives as long as the page (R50, level of the app): account, socket, theme and the ways to tell people things. */
export class App {
  readonly session = Session.create({
    leavePage: () => void this.#leavePage(),
    tell: (news) => this.#tabs.tell(news),
  });
  readonly #tabs = SessionTabs.open((news) => this.#hear(news));
  readonly theme = Theme.create();
  /** In which zone somebody looks for a time. */
  readonly shownZone = ShownZone.create();
  /** What is written on the open page and saves itself. */
  readonly unsaved = UnsavedWorks.create();
  /** What the open page tells of by itself. */
  readonly shownNews = ShownNews.create();
  readonly toasts = Toasts.create();
  readonly announcer = Announcer.create();
  readonly call: ApiCall;
  readonly clinic: ClinicContact;
  readonly bell: Bell;
  readonly #refresh: SessionRefresh;
  #socket = $state.raw<AppSocket | undefined>();
  /** A call runs: nothing may cover it. */
  runningCall = $state.raw<RunningCall | undefined>();

  private constructor() {
    this.call = createApiClient({
      refreshSession: () => this.#refresh.run(),
      onSignInEnded: () => this.session.renew(),
      speaker: (endpoint) => this.session.speaker(endpoint),
      onAccountChanged: () => this.session.leave(),
    });
    this.#refresh = SessionRefresh.create({
      send: async () => this.session.recognise((await this.call(authEndpoints.refresh, {})).account),
      // Missing outside a secure context, whatever its type says.
      locks: 'locks' in navigator ? navigator.locks : undefined,
    });
    this.session.connect(this.call);
    this.clinic = ClinicContact.create(this.call);
    forgetOldReturn(localStorage);
    this.bell = Bell.create(this.call, {
      onNews: (news) => void this.#tell(news),
      onRead: () => this.#tellRead(),
    });
  }

  static create(): App {
    return new App();
  }

  get inCall(): boolean {
    return this.runningCall !== undefined;
  }

  /** The socket of the signed-in account; there is none for visitors. */
  get socket(): AppSocket | undefined {
    return this.#socket;
  }

  /** The sign-in has ended and is asked for: the page is kept out of sight. A running call goes on until it needs one. */
  get covered(): boolean {
    return this.session.state === 'expired' && (this.session.asking || !this.inCall);
  }

  /** Opens the socket of a fresh sign-in, and tells where it is; the answer closes it. */
  openSocket(account: Account): () => void {
    untrack(() => void tellTimeZone(this.call, account));
    const socket = AppSocket.connect(account.id);
    socket.on('account-changed', () => this.session.leave());
    const stop = keepSignedIn(socket, {
      refresh: () => this.#refresh.run(),
      onEnded: () => this.session.markEnded(),
    });
    const unfollow = hasBell(account) ? this.bell.follow(socket) : undefined;
    this.#socket = socket;
    return () => {
      stop();
      unfollow?.();
      socket.close();
      if (this.#socket === socket) this.#socket = undefined;
    };
  }

  /** What happened in another tab of this browser. */
  #hear(news: TabNews): void {
    if (news.kind !== 'news-read') this.session.hear(news);
    else if (news.accountId === this.session.account?.id) void this.bell.list.load();
  }

  #tellRead(): void {
    const { account } = this.session;
    if (account !== undefined) this.#tabs.tell({ kind: 'news-read', accountId: account.id });
  }

  /** The words of news are loaded with the first of them: most pages are left before there is any. */
  async #tell(news: Notification): Promise<void> {
    if (await this.shownNews.has(news)) return;
    const { notificationWords } = await import('../notifications/notification-words.ts');
    this.toasts.show(notificationWords(news, instantNow()));
  }

  /** The page is cleared first, so that nothing on it can hold it back (an unsaved form asks before it lets go). */
  async #leavePage(): Promise<void> {
    await tick();
    forgetDrafts();
    this.shownZone.back();
    location.replace('/');
  }

  close(): void {
    this.#socket?.close();
    this.#tabs.close();
    this.theme.close();
  }
}

const [useApp, provideApp] = createContext<App>();
export { provideApp, useApp };
