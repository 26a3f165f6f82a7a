import type { Appointment, CallPresence } from '@health-connect/contract';
import { untrack } from 'svelte';
import type { App } from '../app/app.svelte.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import { dateIn } from '../i18n/calendar-date.ts';
import { viewerZone } from '../i18n/format.ts';
import { minuteNow } from '../minute-clock.ts';
import { serverClock } from '../server-clock.ts';
import { canJoin, loadAppointments } from './appointment-list.ts';
import { watchDoors } from './door-watch.svelte.ts';
import { Presence } from './presence.svelte.ts';
import { instantAt } from './when.ts';

/**
 * The signed-in person's appointments as a page shows them: read at its start, and again when one changes, a door opens,
 * or the page comes back into view. The last list stays readable when it cannot be read again.
 */
export class AppointmentFeed {
  #list = $state.raw<readonly Appointment[] | undefined>();
  #problem = $state.raw<Problem | undefined>();
  #loadedAtMs = $state(serverClock.now());
  #nowMs = $state(serverClock.now());
  readonly #app: App;
  readonly #presence = Presence.create();
  #latest = new AbortController();

  private constructor(app: App) {
    this.#app = app;
  }

  /** Keeps it up to date as long as the component lives; to be called while the component is set up. */
  static use(app: App): AppointmentFeed {
    const feed = new AppointmentFeed(app);
    feed.#follow();
    return feed;
  }

  /** `undefined` until there was an answer. */
  get list(): readonly Appointment[] | undefined {
    return this.#list;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** What "now" means for what is shown: as of when the list was read, or of the day that has begun since. */
  get now(): Date {
    return instantAt(this.#nowMs);
  }

  /** When the list was read. */
  get loadedAt(): Date {
    return instantAt(this.#loadedAtMs);
  }

  /** Who is in the call of an appointment. */
  peopleOf(appointmentId: string): CallPresence['people'] {
    return this.#presence.of(appointmentId);
  }

  /** Reads the list again. Never throws. */
  readonly load = async (): Promise<void> => {
    this.#latest.abort();
    const request = (this.#latest = new AbortController());
    const { account } = this.#app.session;
    if (account === undefined) return;
    try {
      const list = await loadAppointments(this.#app.call, account, { signal: request.signal });
      this.#list = list;
      this.#problem = undefined;
      this.#nowMs = this.#loadedAtMs = serverClock.now();
    } catch (error) {
      if (!request.signal.aborted) this.#problem = problemOf(error);
    }
  };

  /** What is shown says "tomorrow" of what is today after midnight: it is read again then, and told by the new day anyhow. */
  #followDays(): void {
    const today = $derived(dateIn(viewerZone(), minuteNow()));
    let shown = untrack(() => today);
    $effect(() => {
      if (today === shown) return;
      shown = today;
      this.#nowMs = serverClock.now();
      void this.load();
    });
  }

  #follow(): void {
    this.#followDays();
    const joinableIds = $derived(
      (this.#list ?? [])
        .filter(canJoin)
        .map(({ id }) => id)
        .join(' '),
    );
    $effect(() => {
      void this.load();
      return () => this.#latest.abort();
    });
    $effect(() => this.#app.socket?.on('appointment.changed', () => void this.load()));
    // What happened while the socket was away is not told again.
    $effect(() => this.#app.socket?.on('connected', () => void this.load()));
    $effect(() => {
      const ids = joinableIds === '' ? [] : joinableIds.split(' ');
      return this.#app.socket === undefined ? undefined : this.#presence.watch(this.#app.socket, ids);
    });
    watchDoors(
      () => this.#list ?? [],
      () => void this.load(),
    );
    $effect(() => {
      const online = (): void => void this.load();
      const seen = (): void => void (document.visibilityState === 'visible' && this.load());
      window.addEventListener('online', online);
      document.addEventListener('visibilitychange', seen);
      return () => {
        window.removeEventListener('online', online);
        document.removeEventListener('visibilitychange', seen);
      };
    });
  }
}
