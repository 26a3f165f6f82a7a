import { randomUUID } from 'node:crypto';
import {
  APPOINTMENT_MODES,
  appointmentSchema,
  type Appointment,
  type AppointmentMode,
  type Schedule,
} from '@health-connect/contract';
import { z } from 'zod';
import { slotsBetween, type ScheduledSlot } from '../availability/slots.ts';
import { DoctorRepository } from '../doctors/doctor.repository.ts';
import type { Person, TestServer } from './test-server.ts';

const DAY_MS = 24 * 60 * 60_000;
const oneSchema = z.object({ appointment: appointmentSchema });

/** Working hours of every day, around the clock unless said otherwise. */
export function everyDay(parts: { start?: string; end?: string; slotMinutes?: number } = {}): Schedule['workingTimes'] {
  const { start = '00:00', end = '24:00', slotMinutes = 20 } = parts;
  return [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
    weekday,
    start,
    end,
    slotMinutes,
    breakMinutes: 0,
    modes: [...APPOINTMENT_MODES],
  }));
}

/** Books as pages do, for tests. */
export class BookingDesk {
  readonly #server: TestServer;

  private constructor(server: TestServer) {
    this.#server = server;
  }

  static create(server: TestServer): BookingDesk {
    return new BookingDesk(server);
  }

  /** Gives a doctor working hours. */
  async schedule(doctor: Person, workingTimes: Schedule['workingTimes'], parts: Partial<Schedule> = {}): Promise<void> {
    const { database } = this.#server;
    const doctors = DoctorRepository.create(database.connection);
    await database.transaction((transaction) =>
      doctors.save(doctor.id, { schedule: workingTimes, ...parts }, transaction),
    );
  }

  /** A doctor who works around the clock. */
  async doctor(name: string, parts: Partial<Schedule> & { slotMinutes?: number } = {}): Promise<Person> {
    const { slotMinutes, ...rest } = parts;
    const doctor = await this.#server.person('doctor', name);
    await this.schedule(doctor, everyDay(slotMinutes === undefined ? {} : { slotMinutes }), rest);
    return doctor;
  }

  /** A slot of such a doctor, so many days from now. */
  slot(days: number, index = 0, slotMinutes = 20, timeZone = 'Europe/Berlin'): ScheduledSlot {
    const from = new Date(this.#server.clock.now() + days * DAY_MS);
    const schedule: Schedule = {
      timeZone,
      workingTimes: everyDay({ slotMinutes }),
      exceptions: [],
      minimumNoticeMinutes: 60,
      furthestDays: 90,
      confirmation: 'manual',
    };
    const slot = slotsBetween(schedule, from, new Date(from.getTime() + 2 * DAY_MS))[index];
    if (slot === undefined) throw new RangeError('There is no such slot');
    return slot;
  }

  /** The body of a booking. */
  wanted(
    doctor: Person,
    slot: ScheduledSlot,
    parts: { mode?: AppointmentMode; idempotencyKey?: string; reason?: string } = {},
  ) {
    const { date, startTime, endTime, startsAt } = slot;
    return {
      doctorId: doctor.id,
      date,
      startTime,
      endTime,
      startsAt: startsAt.toISOString(),
      mode: 'video',
      reason: 'Test',
      idempotencyKey: randomUUID(),
      ...parts,
    };
  }

  post(cookie: string, path: string, body: unknown): Promise<Response> {
    return this.#server.call('POST', path, { cookie, body });
  }

  book(cookie: string, doctor: Person, slot: ScheduledSlot, parts = {}): Promise<Response> {
    return this.post(cookie, '/api/appointments', this.wanted(doctor, slot, parts));
  }

  /** Books, and expects that it works. */
  async booked(cookie: string, doctor: Person, slot: ScheduledSlot, parts = {}): Promise<Appointment> {
    return appointmentOf(await this.book(cookie, doctor, slot, parts));
  }
}

/** The appointment of an answer that must be a success. */
export async function appointmentOf(response: Response): Promise<Appointment> {
  if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
  return oneSchema.parse(await response.json()).appointment;
}
