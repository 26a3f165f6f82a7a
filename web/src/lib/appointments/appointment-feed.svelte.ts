import type { Appointment, CallPresence } from '@health-connect/contract';
import type { App } from '../app/app.svelte.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import { MAX_TIMER_MS } from '../timer-limit.ts';
import { canJoin, loadAppointments, nextChangeMs } from './appointment-list.ts';
import { Presence } from './presence.svelte.ts';
import { instantAt } from './when.ts';

/** How long after the instant at which a door opens the list is read again, so that the server agrees. */
const AFTER_CHANGE_MS = 1_000;

/**
 * The signed-in person's appointments as a page shows them: read at its start, and again when one changes, a door opens,
 * or the page comes back into view. The last list stays readable when it cannot be read again.
 */
export class AppointmentFeed {
  #list = $state.raw<readonly Appointment[] | undefined>();
  #problem = $state.raw<Problem | undefined>();
  #loadedAtMs = $state(Date.now());
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

  /** When the list was read: what "now" means for what is shown. */
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
      this.#loadedAtMs = Date.now();
    } catch (error) {
      if (!request.signal.aborted) this.#problem = problemOf(error);
    }
  };

  #follow(): void {
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
    $effect(() => {
      const ids = joinableIds === '' ? [] : joinableIds.split(' ');
      return this.#app.socket === undefined ? undefined : this.#presence.watch(this.#app.socket, ids);
    });
    $effect(() => {
      const change = nextChangeMs(this.#list ?? [], this.#loadedAtMs);
      if (change === undefined) return;
      const waitMs = change - this.#loadedAtMs + AFTER_CHANGE_MS;
      const timer = setTimeout(() => void this.load(), Math.min(MAX_TIMER_MS, waitMs));
      return () => clearTimeout(timer);
    });
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
