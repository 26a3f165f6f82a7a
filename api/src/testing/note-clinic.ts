import type { Appointment } from '@health-connect/contract';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf } from './answers.ts';
import type { TestServer } from './test-server.ts';

/** What is left behind of notes that are written and read at a server, for tests. */
export class NoteClinic {
  readonly #server: TestServer;

  private constructor(server: TestServer) {
    this.#server = server;
  }

  static create(server: TestServer): NoteClinic {
    return new NoteClinic(server);
  }

  /** A visit as one of its people sees it. */
  async visitAs(cookie: string, id: string): Promise<Appointment> {
    return appointmentOf(await this.#server.call('GET', `/api/appointments/${id}`, { cookie }));
  }

  /** What the audit trail tells of the note of a visit, oldest first. */
  async trailOf(id: string): Promise<string[]> {
    const entries = this.#collection('audit_entries').find({ resource: 'note', resourceId: id });
    return (await entries.toArray()).map(({ action, detail }) =>
      [action, detail].filter((word) => word !== null).join(' '),
    );
  }

  /** Kinds of the notifications that somebody got, in alphabetical order. */
  async kindsOf(accountId: string): Promise<string[]> {
    const found = this.#collection('notifications').find({ accountId: toStoredId(accountId) });
    return (await found.toArray()).map(({ kind }) => String(kind)).sort();
  }

  /** Runs something while no entry about notes can be written. */
  async withoutTrail<T>(work: () => Promise<T>): Promise<T> {
    const { db } = this.#server.database.connection;
    await db?.command({ collMod: 'audit_entries', validator: { resource: { $ne: 'note' } } });
    try {
      return await work();
    } finally {
      await db?.command({ collMod: 'audit_entries', validator: {} });
    }
  }

  #collection(name: string) {
    return this.#server.database.connection.collection(name);
  }
}
