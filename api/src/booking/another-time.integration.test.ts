import type { Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitDesk } from '../testing/visit-desk.ts';
import { findBreaches } from './integrity.ts';
import { IntegrityRepository } from './integrity.repository.ts';

const MINUTE_MS = 60_000;

let server: TestServer;
let desk: BookingDesk;
let visits: VisitDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  visits = VisitDesk.create(server);
});
afterAll(() => closeWhole(server));
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const agreed = async (slot = desk.slot(3)) =>
  appointmentOf(await visits.confirm(doctorCookie, await desk.booked(patientCookie, doctor, slot)));

describe('another time', () => {
  it('that both agree to takes the place of the first one', async () => {
    const before = await agreed();
    const later = desk.slot(5);
    const proposal = await appointmentOf(await visits.propose(patientCookie, before, later));
    expect(proposal).toMatchObject({
      status: 'pending',
      awaiting: 'doctor',
      replacesId: before.id,
      proposedBy: 'patient',
      startsAt: later.startsAt.toISOString(),
    });
    expect(await visits.read(doctorCookie, before.id)).toMatchObject({ status: 'scheduled' });
    expect(await appointmentOf(await visits.confirm(doctorCookie, proposal))).toMatchObject({ status: 'scheduled' });
    expect(await visits.read(patientCookie, before.id)).toMatchObject({
      status: 'rescheduled',
      movedToId: proposal.id,
    });
    const history = await server.call('GET', `/api/appointments/${proposal.id}/events`, { cookie: patientCookie });
    expect(await history.json()).toMatchObject({
      events: [{ change: 'propose' }, { change: 'move', by: 'doctor', fromStartsAt: before.startsAt }],
    });
    expect((await desk.book(patientCookie, doctor, desk.slot(3))).status).toBe(201);
  });

  it('is told to whoever looks at the first one, and so is its end', async () => {
    const before = await agreed(desk.slot(3, 40));
    const socket = await AppSocketClient.connect(server.url, patientCookie);
    const changed: unknown[] = [];
    socket.socket.on('appointment.changed', (payload) => changed.push(payload));
    const ofBoth = (proposal: Appointment) => [{ appointmentId: proposal.id }, { appointmentId: before.id }];
    const proposal = await appointmentOf(await visits.propose(doctorCookie, before, desk.slot(5, 40)));
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)));
    changed.length = 0;
    expect((await visits.change(patientCookie, proposal, 'decline', { reason: 'No' })).status).toBe(200);
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)));
    socket.close();
  });

  it('may overlap with the one that it is meant to replace', async () => {
    const long = await desk.doctor('Long', { slotMinutes: 60 });
    const longCookie = await server.signIn(long);
    const first = await desk.booked(patientCookie, long, desk.slot(6, 0, 60));
    const before = await appointmentOf(await visits.confirm(longCookie, first));
    await desk.schedule(
      long,
      [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({
        weekday,
        start: '00:30',
        end: '23:30',
        slotMinutes: 60,
        breakMinutes: 0,
        modes: ['video'],
      })),
    );
    const halfLater = new Date(Date.parse(before.startsAt) + 30 * MINUTE_MS);
    const slot = {
      ...desk.slot(6, 0, 60),
      startsAt: halfLater,
      endsAt: new Date(halfLater.getTime() + 60 * MINUTE_MS),
    };
    const clock = (instant: Date) =>
      instant.toLocaleTimeString('en-GB', { timeZone: 'Europe/Berlin', hour: '2-digit', minute: '2-digit' });
    const date = halfLater.toLocaleDateString('en-CA', { timeZone: 'Europe/Berlin' });
    const wanted = { ...slot, date, startTime: clock(slot.startsAt), endTime: clock(slot.endsAt) };
    const proposal = await appointmentOf(await visits.propose(longCookie, before, wanted));
    expect(await findBreaches(IntegrityRepository.create(server.database.connection))).toEqual([]);
    expect(await appointmentOf(await visits.confirm(patientCookie, proposal))).toMatchObject({ status: 'scheduled' });
  });

  it('that is declined or withdrawn leaves the first one as it is', async () => {
    const before = await agreed();
    for (const [cookie, name, parts] of [
      [doctorCookie, 'decline', { reason: 'No' }],
      [patientCookie, 'cancel', { reason: 'Ill' }],
    ] as const) {
      const current = await visits.read(patientCookie, before.id);
      const proposal = await appointmentOf(await visits.propose(patientCookie, current, desk.slot(5)));
      expect(await appointmentOf(await visits.change(cookie, proposal, name, parts))).toMatchObject({
        status: 'cancelled',
      });
      expect(await visits.read(patientCookie, before.id)).toMatchObject({ status: 'scheduled' });
    }
  });

  it('is one at a time, and ends with the one that it was meant to replace', async () => {
    const before = await agreed();
    const proposal = await appointmentOf(await visits.propose(patientCookie, before, desk.slot(5)));
    const current = await visits.read(patientCookie, before.id);
    await expectRefusal(await visits.propose(doctorCookie, current, desk.slot(6)), 409, 'change_not_allowed');
    await expectRefusal(await visits.propose(doctorCookie, proposal, desk.slot(6)), 409, 'change_not_allowed');
    expect((await visits.cancel(doctorCookie, current)).status).toBe(200);
    expect(await visits.read(patientCookie, proposal.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire' },
    });
    expect((await desk.book(patientCookie, doctor, desk.slot(5))).status).toBe(201);
  });
});
