import { bookingEndpoints } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());

describe("the doctor's day (R25)", () => {
  it('has what starts on these days of the schedule’s zone, by start', async () => {
    const doctor = await desk.doctor('Doctor');
    const doctorCookie = await server.signIn(doctor);
    const patientCookie = await server.signIn(await server.person('patient', 'Patient'));
    const slots = [desk.slot(3, 4), desk.slot(3, 2), desk.slot(9, 0)];
    for (const slot of slots) await desk.booked(patientCookie, doctor, slot);
    const from = slots[1]?.date ?? '';
    const answer = await server.call('GET', `/api/appointments/day?from=${from}&days=2`, { cookie: doctorCookie });
    const { appointments } = bookingEndpoints.day.response.parse(await answer.json());
    expect(appointments.map(({ startsAt }) => startsAt)).toEqual(
      [slots[1], slots[0]].map((slot) => slot?.startsAt.toISOString()),
    );
  });
});
