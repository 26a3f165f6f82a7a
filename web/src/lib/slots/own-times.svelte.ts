import { isActive, type Appointment } from '@health-connect/contract';
import type { App } from '../app/app.svelte.ts';
import { loadAppointments } from '../appointments/appointment-list.ts';

/** A stretch of time. */
export type Span = Pick<Appointment, 'startsAt' | 'endsAt'>;

/** When the signed-in patient has appointments, with whomever: at these times they cannot have another one. */
export class OwnTimes {
  #spans = $state.raw<readonly Span[]>([]);
  #latest = new AbortController();
  readonly #app: App;
  readonly #moved: string | undefined;

  private constructor(app: App, moved: string | undefined) {
    this.#app = app;
    this.#moved = moved;
  }

  /**
   * Keeps it up to date as long as the component lives; to be called while the component is set up.
   * @param moved the appointment for which another time is looked for, which may overlap with the one that it has
   */
  static use(app: App, moved?: string): OwnTimes {
    const own = new OwnTimes(app, moved);
    const isPatient = $derived(app.session.account?.role === 'patient');
    $effect(() => {
      if (!isPatient) return undefined;
      void own.#load();
      const stops = [
        app.socket?.on('appointment.changed', () => void own.#load()),
        app.socket?.on('connected', () => void own.#load()),
      ];
      return () => {
        stops.forEach((stop) => stop?.());
        own.#latest.abort();
      };
    });
    return own;
  }

  /** None for those who are no patients, and until there was an answer. */
  get spans(): readonly Span[] {
    return this.#spans;
  }

  /** Never throws: without an answer the server still refuses what clashes. */
  async #load(): Promise<void> {
    this.#latest.abort();
    const { signal } = (this.#latest = new AbortController());
    try {
      const list = await loadAppointments(this.#app.call, { role: 'patient' }, { signal });
      if (!signal.aborted) this.#spans = list.filter(({ id, status }) => isActive(status) && id !== this.#moved);
    } catch {
      // What was read last stays.
    }
  }
}
