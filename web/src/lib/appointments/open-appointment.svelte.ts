import {
  type Appointment,
  appointmentEndpoints,
  type AppointmentEvent,
  bookingEndpoints,
  type CancelReason,
  isActive,
  ProductError,
} from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { problemOf, type Problem } from '../api/problem.ts';
import type { AppSocket } from '../realtime/app-socket.ts';
import { loadAppointments } from './appointment-list.ts';
import { instantNow } from './when.ts';

/** What a side does to an appointment, with its words. */
export type AppointmentDeed =
  | { readonly change: 'confirm'; readonly comment: string }
  | { readonly change: 'decline' | 'cancel'; readonly reason: string }
  | { readonly change: 'cancel'; readonly reasonKind: CancelReason }
  | { readonly change: 'miss' };

interface OpenOptions {
  readonly call: ApiCall;
  readonly id: string;
  readonly role: 'doctor' | 'patient';
}

/** One appointment as its page shows it, with what became of it and with the other time that was offered instead. */
export class OpenAppointment {
  readonly id: string;
  readonly #call: ApiCall;
  readonly #role: 'doctor' | 'patient';
  #appointment = $state.raw<Appointment | undefined>();
  #events = $state.raw<readonly AppointmentEvent[]>([]);
  #proposal = $state.raw<Appointment | undefined>();
  #problem = $state.raw<Problem | undefined>();
  #overtaken = $state(false);
  #loadedAt = $state.raw(instantNow());
  #latest: AbortController | undefined;

  private constructor({ call, id, role }: OpenOptions) {
    this.#call = call;
    this.#role = role;
    this.id = id;
  }

  static create(options: OpenOptions): OpenAppointment {
    return new OpenAppointment(options);
  }

  get appointment(): Appointment | undefined {
    return this.#appointment;
  }

  get events(): readonly AppointmentEvent[] {
    return this.#events;
  }

  /** The open proposal to move this appointment, if there is one. */
  get proposal(): Appointment | undefined {
    return this.#proposal;
  }

  get problem(): Problem | undefined {
    return this.#problem;
  }

  /** When what is shown was read. */
  get loadedAt(): Date {
    return this.#loadedAt;
  }

  /** Somebody else changed it before the person's own change, which was not done. */
  get overtaken(): boolean {
    return this.#overtaken;
  }

  /** Reads everything (again); an older answer that comes late is dropped. Never throws. */
  async load(): Promise<void> {
    this.#latest?.abort();
    const { signal } = (this.#latest = new AbortController());
    const params = { appointmentId: this.id };
    try {
      const [{ appointment }, { events }] = await Promise.all([
        this.#call(appointmentEndpoints.one, { params }, { signal }),
        this.#call(bookingEndpoints.events, { params }, { signal }),
      ]);
      const proposal = await this.#openProposal(appointment, events, signal);
      if (signal.aborted) return;
      this.#appointment = appointment;
      this.#events = events;
      this.#proposal = proposal;
      this.#problem = undefined;
      this.#loadedAt = instantNow();
    } catch (error) {
      if (!signal.aborted) this.#fail(problemOf(error));
    }
  }

  /**
   * Does it, for the version that the person has seen. Where somebody was faster, nothing is done but to show how things
   * are now. Throws when there is no answer.
   * @returns whether it was done
   */
  async change(deed: AppointmentDeed): Promise<boolean> {
    const { appointment } = this;
    if (appointment === undefined) return false;
    this.#overtaken = false;
    try {
      this.#latest?.abort();
      this.#appointment = await this.#send(deed, appointment.version);
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      await this.load();
      this.#overtaken = true;
      return false;
    }
    await this.load();
    return true;
  }

  /** Says that something that the person wanted was overtaken, and shows how things are now. */
  async noteOvertaken(): Promise<void> {
    await this.load();
    this.#overtaken = true;
  }

  /** Keeps it up to date until the answer is called. */
  follow(socket: AppSocket): () => void {
    const stops = [
      socket.on('appointment.changed', ({ appointmentId }) => {
        if (appointmentId === this.id) void this.load();
      }),
      // What happened while the socket was away is not told again.
      socket.on('connected', () => void (this.#appointment !== undefined && this.load())),
    ];
    return () => stops.forEach((stop) => stop());
  }

  close(): void {
    this.#latest?.abort();
  }

  /** Who was taken out of it sees nothing of it any more; else the last that was read stays readable. */
  #fail(problem: Problem): void {
    this.#problem = problem;
    if (problem.kind !== 'forbidden' && problem.kind !== 'not-found') return;
    this.#appointment = this.#proposal = undefined;
    this.#events = [];
  }

  async #send(deed: AppointmentDeed, version: number): Promise<Appointment> {
    const params = { appointmentId: this.id };
    switch (deed.change) {
      case 'confirm': {
        const body = { version, comment: deed.comment };
        return (await this.#call(bookingEndpoints.confirm, { params, body })).appointment;
      }
      case 'decline': {
        const body = { version, reason: deed.reason };
        return (await this.#call(bookingEndpoints.decline, { params, body })).appointment;
      }
      case 'cancel': {
        const why = 'reasonKind' in deed ? { reasonKind: deed.reasonKind } : { reason: deed.reason };
        const body = { version, ...why };
        return (await this.#call(bookingEndpoints.cancel, { params, body })).appointment;
      }
      case 'miss':
        return (await this.#call(bookingEndpoints.miss, { params, body: { version } })).appointment;
    }
  }

  /** Only an active appointment whose history tells of a proposal can have an open one: else nothing is asked. */
  async #openProposal(
    { status }: Appointment,
    events: readonly AppointmentEvent[],
    signal: AbortSignal,
  ): Promise<Appointment | undefined> {
    if (!isActive(status) || !events.some(({ change }) => change === 'propose')) return undefined;
    const list = await loadAppointments(this.#call, { role: this.#role }, { signal });
    return list.find(({ replacesId, status: other }) => replacesId === this.id && other === 'pending');
  }
}

/** Whether a change was refused because the appointment is not any more what the person saw. */
export function isOvertaken(error: unknown): boolean {
  return error instanceof ProductError && (error.code === 'version_conflict' || error.code === 'change_not_allowed');
}
