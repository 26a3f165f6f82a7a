import { appointmentSchema, patientEndpoints, type Appointment } from '@health-connect/contract';
import { expect } from 'vitest';
import { z } from 'zod';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { CareRelationRepository } from '../appointments/care-relation.repository.ts';
import { toStoredId } from '../database/ids.ts';
import type { PatientRecord } from '../patients/patient.repository.ts';
import type { Person, TestServer } from './test-server.ts';

const DAY_MINUTES = 24 * 60;
const MINUTE_MS = 60_000;
const OVER = { status: 'completed', outcome: 'met' } as const;
const historySchema = z.strictObject({
  appointments: z.array(appointmentSchema.strict()),
  next: z.string().nullable(),
});

/** What a patient has told of themselves. */
export const PROFILE = {
  dateOfBirth: '1987-03-14',
  gender: 'female',
  contactNumber: '+49 151 5550 2001',
  bloodGroup: 'A+',
  allergies: ['Penicillin', 'Latex'],
  emergencyContact: [{ name: 'Karim', relationship: 'Husband', phone: '+49 151 5550 2901' }],
} satisfies Omit<PatientRecord, 'id'>;

/** A page of a history, of an answer that must be a success. */
export async function pageOf(response: Response): Promise<{ appointments: Appointment[]; next: string | null }> {
  expect(response.status).toBe(200);
  return historySchema.parse(await response.json());
}

/** The appointments of a page of a history. */
export const idsOf = async (response: Response): Promise<string[]> =>
  (await pageOf(response)).appointments.map(({ id }) => id);

/** Makes visits of a doctor and a patient, and reads charts as pages do, for tests. */
export class ChartDesk {
  readonly #server: TestServer;
  readonly #doctor: Person;
  readonly #patient: Person;

  private constructor(server: TestServer, doctor: Person, patient: Person) {
    this.#server = server;
    this.#doctor = doctor;
    this.#patient = patient;
  }

  static create(server: TestServer, doctor: Person, patient: Person): ChartDesk {
    return new ChartDesk(server, doctor, patient);
  }

  /** A visit that was over so many days ago. */
  visit(
    daysAgo: number,
    parts: Partial<NewAppointment> = {},
    by: Person = this.#doctor,
    of: Person = this.#patient,
  ): Promise<string> {
    const closedAt = new Date(this.#server.clock.now() - daysAgo * DAY_MINUTES * MINUTE_MS);
    return this.#server.appointment(by, of, -daysAgo * DAY_MINUTES - 30, { ...OVER, closedAt, ...parts });
  }

  chart(cookie: string, patientId: string = this.#patient.id): Promise<Response> {
    return this.#server.call('GET', `/api/patients/${patientId}`, { cookie });
  }

  history(cookie: string, query = ''): Promise<Response> {
    return this.#server.call('GET', `/api/patients/${this.#patient.id}/history${query}`, { cookie });
  }

  /** The patients of the doctor who asks. */
  async mine(cookie: string, query = '') {
    const response = await this.#server.call('GET', `/api/patients${query}`, { cookie });
    expect(response.status).toBe(200);
    return patientEndpoints.mine.response.parse(await response.json());
  }

  /** Adds a colleague to a visit, whether it is archived or not. */
  async addColleague(id: string, colleague: Person): Promise<void> {
    const { connection } = this.#server.database;
    const add = { $addToSet: { colleagueIds: toStoredId(colleague.id) } };
    const record = await AppointmentRepository.create(connection).byId(id);
    if (record === undefined) throw new Error('There is no such visit');
    await CareRelationRepository.create(connection).note(colleague.id, record.doctorId);
    for (const collection of ['appointments', 'appointments_archive']) {
      await connection.collection(collection).updateOne({ _id: toStoredId(id) }, add);
    }
  }
}
