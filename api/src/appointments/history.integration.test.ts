import { bookingEndpoints, MAX_APPOINTMENT_EVENTS, type AppointmentEvent } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let doctor: Person;
let patient: Person;
let cookies: Record<'doctor' | 'patient', string>;

beforeAll(async () => {
  server = await TestServer.start({ HC_JOBS: '0' });
  desk = BookingDesk.create(server);
  [doctor, patient] = [await desk.doctor('Dr Lima'), await server.person('patient', 'Pia Noor')];
  cookies = { doctor: await server.signIn(doctor), patient: await server.signIn(patient) };
});
afterAll(() => server.close());

async function historyOf(id: string, cookie: string): Promise<AppointmentEvent[]> {
  const answer = await server.call('GET', `/api/appointments/${id}/events`, { cookie });
  expect(answer.status).toBe(200);
  return bookingEndpoints.events.response.parse(await answer.json()).events;
}

describe('the history of an appointment', () => {
  it('tells what was said in as many lines as it was written', async () => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    const comment = 'Bring your list of medicines.\n\nPlease come early.';
    const confirmed = await appointmentOf(
      await desk.post(cookies.doctor, `/api/appointments/${asked.id}/confirm`, { version: asked.version, comment }),
    );
    const reason = 'I am ill.\nSorry!';
    const cancelled = { version: confirmed.version, reason };
    await appointmentOf(await desk.post(cookies.patient, `/api/appointments/${asked.id}/cancel`, cancelled));
    for (const cookie of [cookies.doctor, cookies.patient]) {
      const history = await historyOf(asked.id, cookie);
      expect(history.map(({ change, by, comment: said }) => [change, by, said])).toEqual([
        ['request', 'patient', ''],
        ['confirm', 'doctor', comment],
        ['cancel', 'patient', reason],
      ]);
    }
  });

  it('ends with what happened last, where there is more than anybody reads', async () => {
    const { id } = await desk.booked(cookies.patient, doctor, desk.slot(5));
    const facts = { change: 'propose', by: 'doctor', fromStartsAt: null } as const;
    const events = Array.from({ length: MAX_APPOINTMENT_EVENTS + 20 }, (_item, number) => ({
      ...facts,
      at: new Date(server.clock.now() + number),
      comment: `Proposal ${number}`,
    }));
    await server.database.connection
      .collection('appointments')
      .updateOne({ _id: toStoredId(id) }, { $set: { events } });
    const history = await historyOf(id, cookies.patient);
    expect(history).toHaveLength(MAX_APPOINTMENT_EVENTS);
    expect([history[0]?.comment, history.at(-1)?.comment]).toEqual(['Proposal 20', 'Proposal 219']);
  });
});
