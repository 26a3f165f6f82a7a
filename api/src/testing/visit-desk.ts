import { randomUUID } from 'node:crypto';
import { notificationEndpoints, type Appointment } from '@health-connect/contract';
import type { ScheduledSlot } from '../availability/slots.ts';
import { appointmentOf } from './booking-desk.ts';
import type { TestServer } from './test-server.ts';

type Visit = Pick<Appointment, 'id' | 'version'>;

/** Changes appointments as pages do, for tests. */
export class VisitDesk {
  readonly #server: Pick<TestServer, 'call'>;

  private constructor(server: Pick<TestServer, 'call'>) {
    this.#server = server;
  }

  static create(server: Pick<TestServer, 'call'>): VisitDesk {
    return new VisitDesk(server);
  }

  change(cookie: string, { id, version }: Visit, name: string, parts: object = {}): Promise<Response> {
    return this.#server.call('POST', `/api/appointments/${id}/${name}`, { cookie, body: { version, ...parts } });
  }

  confirm(cookie: string, visit: Visit, comment = ''): Promise<Response> {
    return this.change(cookie, visit, 'confirm', { comment });
  }

  cancel(cookie: string, visit: Visit, reason = 'Ill'): Promise<Response> {
    return this.change(cookie, visit, 'cancel', { reason });
  }

  propose(cookie: string, visit: Visit, slot: ScheduledSlot, comment = 'Later?'): Promise<Response> {
    const { date, startTime, endTime, startsAt } = slot;
    const time = { date, startTime, endTime, startsAt: startsAt.toISOString() };
    return this.change(cookie, visit, 'proposals', { ...time, comment, idempotencyKey: randomUUID() });
  }

  async read(cookie: string, id: string): Promise<Appointment> {
    return appointmentOf(await this.#server.call('GET', `/api/appointments/${id}`, { cookie }));
  }

  /** Kinds of what is under somebody's bell, the latest first. */
  async kindsOf(cookie: string): Promise<string[]> {
    const answer = await this.#server.call('GET', '/api/notifications', { cookie });
    return notificationEndpoints.list.response.parse(await answer.json()).notifications.map(({ kind }) => kind);
  }
}
