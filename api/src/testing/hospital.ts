import type { Role } from '@health-connect/contract';
import { expect } from 'vitest';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { BookingDesk } from './booking-desk.ts';
import { TestNews } from './test-news.ts';
import { TestServer, type Person } from './test-server.ts';

const DAY_MINUTES = 24 * 60;

/** A server with a person of each role and something of what people do, for tests of what queries look at. */
export class Hospital {
  readonly server: TestServer;
  readonly desk: BookingDesk;
  readonly people: Readonly<Record<Role, Person>>;
  /** Their sign-ins. */
  readonly cookies: Readonly<Record<Role, string>>;
  /** Of the visit that is just now. */
  readonly visitId: string;

  private constructor(parts: Pick<Hospital, 'server' | 'desk' | 'people' | 'cookies' | 'visitId'>) {
    this.server = parts.server;
    this.desk = parts.desk;
    this.people = parts.people;
    this.cookies = parts.cookies;
    this.visitId = parts.visitId;
  }

  /** A visit just now, one that is agreed and told, one that is asked for, and a time that is kept: all of these two. */
  static async start(): Promise<Hospital> {
    const server = await TestServer.start();
    const desk = BookingDesk.create(server);
    const people = {
      patient: await server.person('patient', 'The patient'),
      doctor: await desk.doctor('Doctor'),
      staff: await server.person('staff', 'The staff'),
      administrator: await server.person('administrator', 'The administrator'),
    };
    const cookies = {
      patient: await server.signIn(people.patient),
      doctor: await server.signIn(people.doctor),
      staff: await server.signIn(people.staff),
      administrator: await server.signIn(people.administrator),
    };
    const visitId = await server.appointment(people.doctor, people.patient);
    await desk.booked(cookies.patient, people.doctor, desk.slot(3));
    await server.application.runJob('refresh directory');
    const hospital = new Hospital({ server, desk, people, cookies, visitId });
    const agreed = await hospital.visit(3 * DAY_MINUTES);
    await (await TestNews.of(server)).tell(agreed, 'confirm', 'patient');
    await hospital.hold(12);
    return hospital;
  }

  /** An appointment of the doctor and the patient that starts so many minutes from now. */
  visit(startsInMinutes: number, parts: Partial<NewAppointment> = {}): Promise<string> {
    return this.server.appointment(this.people.doctor, this.people.patient, startsInMinutes, parts);
  }

  /** The patient keeps a time of the doctor for a while. @param index of the slot, three days from now */
  async hold(index: number): Promise<void> {
    const body = { doctorId: this.people.doctor.id, startsAt: this.desk.slot(3, index).startsAt.toISOString() };
    const held = await this.desk.post(this.cookies.patient, '/api/holds', body);
    expect(held.status, await held.text()).toBe(201);
  }
}
