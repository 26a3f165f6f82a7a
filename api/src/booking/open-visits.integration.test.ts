import { OPEN_VISITS_AT_MOST, OPEN_VISITS_WITH_DOCTOR_AT_MOST, type Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let cookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  cookie = await server.signIn(patient);
});

const full = async (): Promise<Appointment[]> => {
  const made: Appointment[] = [];
  for (let index = 0; index < OPEN_VISITS_WITH_DOCTOR_AT_MOST; index += 1) {
    made.push(await desk.booked(cookie, doctor, desk.slot(3, index)));
  }
  return made;
};

describe('what one patient can have to come', () => {
  it('with one doctor is limited, so that others get a time, too; what ends makes room', async () => {
    const [first] = await full();
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(3, 9)), 409, 'too_many_open');
    const hold = { doctorId: doctor.id, startsAt: desk.slot(3, 9).startsAt.toISOString() };
    await expectRefusal(await desk.post(cookie, '/api/holds', hold), 409, 'too_many_open');
    expect((await desk.book(cookie, await desk.doctor('Other'), desk.slot(3, 10))).status).toBe(201);
    const called = { version: first?.version, reason: 'Better' };
    expect((await desk.post(cookie, `/api/appointments/${first?.id ?? ''}/cancel`, called)).status).toBe(200);
    expect((await desk.book(cookie, doctor, desk.slot(3, 9))).status).toBe(201);
  });

  it('is limited, too, where many are asked for at the same moment', async () => {
    const slots = Array.from({ length: OPEN_VISITS_WITH_DOCTOR_AT_MOST + 4 }, (_item, index) => desk.slot(3, index));
    const answers = await Promise.all(slots.map((slot) => desk.book(cookie, doctor, slot)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(OPEN_VISITS_WITH_DOCTOR_AT_MOST);
    for (const answer of answers) if (!made.includes(answer)) await expectRefusal(answer, 409, 'too_many_open');
  });

  it('with all doctors is limited', async () => {
    for (let index = 0; index < OPEN_VISITS_AT_MOST; index += 1) {
      const other = await desk.doctor('Other');
      await server.appointment(other, patient, 1000 + index * 30);
    }
    await expectRefusal(await desk.book(cookie, doctor, desk.slot(5)), 409, 'too_many_open');
  });

  it('does not count offers of another time, nor keep a doctor from a follow-up', async () => {
    await full();
    const closedAt = new Date(server.clock.now());
    const over = await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt });
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(4));
    const path = `/api/appointments/${over}/follow-up`;
    expect((await desk.post(await server.signIn(doctor), path, wanted)).status).toBe(201);
  });
});
