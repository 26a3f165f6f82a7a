import type { Appointment } from '@health-connect/contract';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf } from './answers.ts';
import { NoteDesk } from './note-desk.ts';
import { TestServer, type Person } from './test-server.ts';

/** A doctor and a patient of theirs, and the sign-ins of these two, of another doctor and of another patient. */
export interface NotePeople {
  readonly doctor: Person;
  readonly patient: Person;
  readonly cookies: Record<'doctor' | 'patient' | 'other' | 'stranger', string>;
}

/** A server on which notes are written and read, and what is left behind of it, for tests. */
export class NoteClinic {
  readonly server: TestServer;
  readonly desk: NoteDesk;

  private constructor(server: TestServer) {
    this.server = server;
    this.desk = NoteDesk.create(server);
  }

  static async start(): Promise<NoteClinic> {
    return new NoteClinic(await TestServer.start());
  }

  /** People whom nobody has seen here before. */
  async newPeople(): Promise<NotePeople> {
    const { server } = this;
    const doctor = await server.person('doctor', 'Dr. Dana');
    const patient = await server.person('patient', 'Pat');
    const cookies = {
      doctor: await server.signIn(doctor),
      patient: await server.signIn(patient),
      other: await server.signIn(await server.person('doctor', 'Dr. Other')),
      stranger: await server.signIn(await server.person('patient', 'Stranger')),
    };
    return { doctor, patient, cookies };
  }

  /** A visit as one of its people sees it. */
  async visitAs(cookie: string, id: string): Promise<Appointment> {
    return appointmentOf(await this.server.call('GET', `/api/appointments/${id}`, { cookie }));
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
    const { db } = this.server.database.connection;
    await db?.command({ collMod: 'audit_entries', validator: { resource: { $ne: 'note' } } });
    try {
      return await work();
    } finally {
      await db?.command({ collMod: 'audit_entries', validator: {} });
    }
  }

  #collection(name: string) {
    return this.server.database.connection.collection(name);
  }
}
