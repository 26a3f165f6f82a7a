import { randomUUID } from 'node:crypto';
import { appointmentSchema, type Appointment } from '@health-connect/contract';
import { expect } from 'vitest';
import { z } from 'zod';
import type { ScheduledSlot } from '../availability/slots.ts';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { findBreaches } from '../booking/integrity.ts';
import { IntegrityRepository } from '../booking/integrity.repository.ts';
import { toStoredId } from '../database/ids.ts';
import { BookingDesk } from './booking-desk.ts';
import type { Call, Person, TestServer } from './test-server.ts';

/** How a request gets to the server; may repeat it when no answer came. */
export type Ask = (method: string, path: string, call: Call) => Promise<Response>;
type Roll = (sides: number) => number;

const PATIENTS = 6;
const DOCTORS_TABS = 2;
const SLOTS = 8;
/** So many of them are on the same day: with their doors open, where the server opens them a day before. */
const SAME_DAY = 4;
/** Of the slots from now on, the first one that every notice allows. */
const FIRST = 6;
const oneSchema = z.object({ appointment: appointmentSchema });
const listSchema = z.object({ appointments: z.array(appointmentSchema) });

/** Numbers that are the same in every run; in which order requests are answered is not. */
function dice(seed: number): Roll {
  let state = seed;
  return (sides) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fffffff;
    return Math.floor(state / 65_536) % sides;
  };
}

/** B2: patients and a doctor's tabs who book, hold, move, change and repeat, all at once, on a handful of slots. */
export class Storm {
  readonly #server: TestServer;
  readonly #desk: BookingDesk;
  readonly #ask: Ask;
  readonly #doctor: Person;
  readonly #doctorCookie: string;
  readonly #cookies: readonly string[];
  readonly #statuses = new Map<number, number>();
  /** Visits whose end was answered. */
  readonly #completed = new Set<string>();
  /** Appointments that were answered to each key of a booking. */
  readonly #made = new Map<string, Set<string>>();

  private constructor(parts: {
    server: TestServer;
    desk: BookingDesk;
    ask: Ask;
    doctor: Person;
    doctorCookie: string;
    cookies: readonly string[];
  }) {
    this.#server = parts.server;
    this.#desk = parts.desk;
    this.#ask = parts.ask;
    this.#doctor = parts.doctor;
    this.#doctorCookie = parts.doctorCookie;
    this.#cookies = parts.cookies;
  }

  /**
   * @param server opens doors a day before, so that visits can be completed
   * @param ask the test server's own way unless said otherwise
   */
  static async create(
    server: TestServer,
    ask: Ask = (method, path, call) => server.call(method, path, call),
  ): Promise<Storm> {
    const desk = BookingDesk.create(server);
    const doctor = await desk.doctor('Stormy');
    const doctorCookie = await server.signIn(doctor);
    const cookies = await Promise.all(
      Array.from({ length: PATIENTS }, async () => server.signIn(await server.person('patient', 'Stormy'))),
    );
    return new Storm({ server, desk, ask, doctor, doctorCookie, cookies });
  }

  /** Every patient takes so many steps, and the doctor's tabs go on as long; then these end what is left. */
  async blow(steps: number, seed = 0): Promise<void> {
    const over = new AbortController();
    const patients = this.#cookies.map((cookie, index) => this.#patient(cookie, steps, dice(seed + index + 1)));
    const tabs = Array.from({ length: DOCTORS_TABS }, (_item, index) =>
      this.#doctorsTab(over.signal, dice(seed + index + 101)),
    );
    const blown = Promise.all(patients).finally(() => {
      over.abort();
    });
    await Promise.all([blown, ...tabs]);
    await Promise.all(this.#cookies.map((cookie, index) => this.#bookAt(cookie, this.#sameDay(index), 1)));
    await Promise.all(Array.from({ length: DOCTORS_TABS }, () => this.#endAll()));
  }

  /** Nothing is orphaned, booked twice or lost, and nobody got an answer without sense. */
  async expectWhole(): Promise<void> {
    expect([...this.#statuses.keys()].filter((status) => ![200, 201, 409].includes(status))).toEqual([]);
    expect(this.#statuses.get(201)).toBeGreaterThan(5);
    expect([...this.#made.values()].filter((ids) => ids.size > 1)).toEqual([]);
    const { connection } = this.#server.database;
    const told = [...this.#made.values()].flatMap((ids) => [...ids].map(toStoredId));
    expect(await connection.collection('appointments').countDocuments({ _id: { $in: told } })).toBe(told.length);
    expect(await findBreaches(IntegrityRepository.create(connection))).toEqual([]);
    const completed = [...this.#completed].map(toStoredId);
    expect(completed.length).toBeGreaterThan(0);
    const met = { _id: { $in: completed }, status: 'completed', outcome: 'met' };
    expect(await connection.collection('appointments').countDocuments(met)).toBe(completed.length);
  }

  async #patient(cookie: string, steps: number, roll: Roll): Promise<void> {
    for (let step = 0; step < steps; step += 1) {
      const kind = roll(7);
      if (kind < 2) await this.#book(cookie, roll);
      else if (kind === 2) await this.#hold(cookie, 'patient', roll);
      else if (kind === 3) await this.#propose(cookie, 'patient', roll);
      else if (kind === 4) await this.#come(cookie, roll);
      else await this.#change(cookie, 'patient', roll);
    }
  }

  async #doctorsTab(over: AbortSignal, roll: Roll): Promise<void> {
    while (!over.aborted) {
      if (roll(4) === 0) await this.#hold(this.#doctorCookie, 'doctor', roll);
      if (roll(4) === 0) await this.#propose(this.#doctorCookie, 'doctor', roll);
      else await this.#change(this.#doctorCookie, 'doctor', roll);
    }
  }

  async #send(cookie: string, path: string, body: unknown): Promise<Appointment | undefined> {
    const response = await this.#ask('POST', path, { cookie, body });
    this.#statuses.set(response.status, (this.#statuses.get(response.status) ?? 0) + 1);
    return response.ok ? oneSchema.safeParse(await response.json()).data?.appointment : undefined;
  }

  async #listOf(cookie: string, as: 'doctor' | 'patient'): Promise<Appointment[]> {
    const response = await this.#ask('GET', `/api/appointments/${as}`, { cookie });
    return listSchema.parse(await response.json()).appointments;
  }

  async #book(cookie: string, roll: Roll): Promise<void> {
    await this.#bookAt(cookie, this.#slot(roll), 1 + roll(3));
  }

  async #bookAt(cookie: string, slot: ScheduledSlot, times: number): Promise<void> {
    const body = this.#desk.wanted(this.#doctor, slot);
    // The answer is lost now and then, and the page asks again under the same key, even while the first one runs.
    const answers = await Promise.all(
      Array.from({ length: times }, () => this.#send(cookie, '/api/appointments', body)),
    );
    const ids = this.#made.get(body.idempotencyKey) ?? new Set();
    for (const answer of answers) if (answer !== undefined) ids.add(answer.id);
    this.#made.set(body.idempotencyKey, ids);
  }

  /** Keeps a slot as another time for one of the own appointments; a patient also for a new one. */
  async #hold(cookie: string, as: 'doctor' | 'patient', roll: Roll): Promise<void> {
    const startsAt = this.#slot(roll).startsAt.toISOString();
    const open = (await this.#listOf(cookie, as)).filter(({ changes }) => changes.length > 0);
    const appointment = open[roll(open.length + 1)];
    if (appointment !== undefined)
      await this.#send(cookie, `/api/appointments/${appointment.id}/holds`, { for: 'move', startsAt });
    else if (as === 'patient') await this.#send(cookie, '/api/holds', { doctorId: this.#doctor.id, startsAt });
  }

  /** One of the changes that the list says are allowed; others race for the same appointments meanwhile. */
  async #change(cookie: string, as: 'doctor' | 'patient', roll: Roll): Promise<void> {
    const open = (await this.#listOf(cookie, as)).filter(({ changes }) => changes.length > 0);
    const appointment = open[roll(Math.max(1, open.length))];
    const likely = appointment?.changes.find((change) => change === 'confirm' || change === 'complete');
    const name = roll(2) === 0 ? likely : appointment?.changes[roll(appointment.changes.length)];
    if (appointment === undefined || name === undefined || name === 'miss') return;
    if (name === 'complete') return this.#complete(cookie, appointment);
    const words = name === 'confirm' ? { comment: '' } : { reason: 'Storm' };
    await this.#send(cookie, `/api/appointments/${appointment.id}/${name}`, {
      version: appointment.version,
      ...words,
    });
  }

  /** A patient goes to one of their visits whose door is open: from then on its doctor can end it. */
  async #come(cookie: string, roll: Roll): Promise<void> {
    const open = (await this.#listOf(cookie, 'patient')).filter(({ door }) => door.state === 'open');
    const visit = open[roll(Math.max(1, open.length))];
    if (visit !== undefined) await this.#cameTo(visit);
  }

  /** As the media node would report it. */
  async #cameTo({ id, doctor, patient }: Appointment): Promise<void> {
    const { database, clock } = this.#server;
    const key = { id, doctorId: doctor.id, patientId: patient.id };
    const appointments = AppointmentRepository.create(database.connection);
    const at = new Date(clock.now());
    await database.transaction((transaction) => appointments.came(key, 'patient', at, transaction));
  }

  /** Ends a visit whose door is open, which others may call off or move at the same moment. */
  async #complete(cookie: string, { id, door }: Appointment): Promise<void> {
    if (door.state !== 'open') return;
    const ended = await this.#send(cookie, `/api/consultations/${id}/close`, {});
    if (ended !== undefined) this.#completed.add(id);
  }

  /** One of a handful that everybody wants. */
  #slot(roll: Roll): ScheduledSlot {
    const number = roll(SLOTS);
    return number < SAME_DAY ? this.#sameDay(number) : this.#desk.slot(3, number);
  }

  #sameDay(number: number): ScheduledSlot {
    return this.#desk.slot(0, FIRST + (number % SAME_DAY));
  }

  /** Agrees to whatever awaits the doctor, and ends every visit whose door is open. */
  async #endAll(): Promise<void> {
    const cookie = this.#doctorCookie;
    for (const appointment of await this.#listOf(cookie, 'doctor')) {
      const { id, version, changes } = appointment;
      const asked = changes.includes('confirm');
      const path = `/api/appointments/${id}/confirm`;
      const agreed = asked ? await this.#send(cookie, path, { version, comment: '' }) : appointment;
      if (agreed?.door.state !== 'open') continue;
      await this.#cameTo(agreed);
      await this.#complete(cookie, agreed);
    }
  }

  async #propose(cookie: string, as: 'doctor' | 'patient', roll: Roll): Promise<void> {
    const open = (await this.#listOf(cookie, as)).filter(({ status }) => status === 'scheduled');
    const appointment = open[roll(Math.max(1, open.length))];
    if (appointment === undefined) return;
    const { date, startTime, endTime, startsAt } = this.#slot(roll);
    const time = { date, startTime, endTime, startsAt: startsAt.toISOString() };
    const facts = { comment: '', version: appointment.version, idempotencyKey: randomUUID() };
    await this.#send(cookie, `/api/appointments/${appointment.id}/proposals`, { ...time, ...facts });
  }
}
