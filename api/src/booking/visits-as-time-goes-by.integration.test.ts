import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { closeWhole } from '../testing/close-whole.ts';
import { TestServer, type Person } from '../testing/test-server.ts';
import { VisitDesk } from '../testing/visit-desk.ts';

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

describe('as time goes by', () => {
  it('a request that nobody answered ends', async () => {
    const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
    server.clock.set(Date.parse(asked.startsAt));
    await server.application.changeBySystem();
    doctorCookie = await server.signIn(doctor);
    expect(await visits.read(doctorCookie, asked.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
    });
    await expectRefusal(await visits.confirm(doctorCookie, asked), 409, 'change_not_allowed');
  });

  it.each(['doctor', 'patient'] as const)(
    'a time that the %s has offered instead of a request that nobody answered can still be answered',
    async (by) => {
      const [byWhom, awaited] = by === 'doctor' ? [doctorCookie, patient] : [patientCookie, doctor];
      const asked = await desk.booked(patientCookie, doctor, desk.slot(3));
      const offered = await appointmentOf(await visits.propose(byWhom, asked, desk.slot(3, 5)));
      server.clock.set(Date.parse(asked.startsAt));
      await server.application.changeBySystem();
      const cookie = await server.signIn(awaited);
      expect(await visits.read(cookie, asked.id)).toMatchObject({ status: 'cancelled', ending: { change: 'expire' } });
      const stands = await visits.read(cookie, offered.id);
      expect(stands).toMatchObject({ status: 'pending', awaiting: awaited.role, replacesId: null });
      expect(stands.changes).toContain('confirm');
      expect((await visits.kindsOf(cookie)).slice(0, 2)).toEqual(['proposed', 'expired']);
      const agreedTo = await appointmentOf(await visits.confirm(cookie, stands));
      expect(agreedTo).toMatchObject({ status: 'scheduled', movedToId: null });
      expect((await visits.kindsOf(cookie))[0]).toBe('confirmed');
    },
  );

  it('a proposal that nobody answered ends, and what it would have replaced stays as it is', async () => {
    const before = await agreed(desk.slot(6));
    const proposal = await appointmentOf(await visits.propose(patientCookie, before, desk.slot(3)));
    const later = await appointmentOf(await visits.propose(doctorCookie, await agreed(desk.slot(6, 3)), desk.slot(5)));
    server.clock.set(Date.parse(proposal.startsAt) - 1);
    await server.application.changeBySystem();
    [doctorCookie, patientCookie] = [await server.signIn(doctor), await server.signIn(patient)];
    expect(await visits.read(patientCookie, proposal.id)).toMatchObject({ status: 'pending' });
    server.clock.set(Date.parse(proposal.startsAt));
    await server.application.changeBySystem();
    expect(await visits.read(patientCookie, proposal.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
      door: { state: 'closed' },
    });
    expect(await visits.read(doctorCookie, later.id)).toMatchObject({ status: 'pending' });
    const stands = await visits.read(doctorCookie, before.id);
    expect(stands).toMatchObject({ status: 'scheduled', movedToId: null });
    for (const cookie of [doctorCookie, patientCookie]) {
      expect((await visits.kindsOf(cookie)).filter((kind) => kind === 'proposal-expired')).toHaveLength(1);
    }
    await expectRefusal(await visits.confirm(doctorCookie, proposal), 409, 'change_not_allowed');
    // There is room for another offer.
    expect((await visits.propose(doctorCookie, stands, desk.slot(7))).status).toBe(201);
  });

  it('the doctor can say that a visit was missed, but not before its start', async () => {
    const visit = await agreed();
    await expectNotAllowed(await visits.change(doctorCookie, visit, 'miss'), ['cancel']);
    server.clock.set(Date.parse(visit.startsAt) + MINUTE_MS);
    doctorCookie = await server.signIn(doctor);
    expect(await appointmentOf(await visits.change(doctorCookie, visit, 'miss'))).toMatchObject({ outcome: 'missed' });
  });
});
