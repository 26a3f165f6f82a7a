import { describe, expect } from 'vitest';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { expectWhole } from '../testing/close-whole.ts';
import { it } from '../testing/visit-test.ts';

const MINUTE_MS = 60_000;

it.afterAll(({ server }) => expectWhole(server));

describe('as time goes by', () => {
  it('a request that nobody answered ends', async ({ server, desk, visits, doctor, cookies }) => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    server.clock.set(Date.parse(asked.startsAt));
    await server.application.changeBySystem();
    cookies.doctor = await server.signIn(doctor);
    expect(await visits.read(cookies.doctor, asked.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
    });
    await expectRefusal(await visits.confirm(cookies.doctor, asked), 409, 'change_not_allowed');
  });

  it.for(['doctor', 'patient'] as const)(
    'a time that the %s has offered instead of a request that nobody answered can still be answered',
    async (by, { server, desk, visits, doctor, patient, cookies }) => {
      const [byWhom, awaited] = by === 'doctor' ? [cookies.doctor, patient] : [cookies.patient, doctor];
      const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
      const offered = await appointmentOf(await visits.propose(byWhom, asked, desk.slot(3, 5)));
      server.clock.set(Date.parse(asked.startsAt));
      await server.application.changeBySystem();
      const cookie = await server.signIn(awaited);
      expect(await visits.read(cookie, asked.id)).toMatchObject({ status: 'cancelled', ending: { change: 'expire' } });
      const stands = await visits.read(cookie, offered.id);
      expect(stands).toMatchObject({ status: 'pending', awaiting: awaited.role, replacesId: null });
      expect(stands.changes).toContain('confirm');
      expect((await visits.kindsOf(cookie)).slice(0, 2)).toEqual(['proposed', 'expired']);
      const agreedTo = await appointmentOf(await visits.confirm(cookie, stands, 'Gladly'));
      // Nothing of what was said is lost; a patient agrees without words.
      const comment = by === 'doctor' ? 'Later?' : 'Later?\n\nGladly';
      expect(agreedTo).toMatchObject({ status: 'scheduled', movedToId: null, comment });
      expect((await visits.kindsOf(cookie))[0]).toBe('confirmed');
    },
  );

  it('a proposal that nobody answered ends, and what it would have replaced stays as it is', async ({ all }) => {
    const { server, desk, visits, cookies, signIn, agreed } = all;
    const before = await agreed(desk.slot(6));
    const proposal = await appointmentOf(await visits.propose(cookies.patient, before, desk.slot(3)));
    const later = await appointmentOf(
      await visits.propose(cookies.doctor, await agreed(desk.slot(6, 3)), desk.slot(5)),
    );
    server.clock.set(Date.parse(proposal.startsAt) - 1);
    await server.application.changeBySystem();
    await signIn();
    expect(await visits.read(cookies.patient, proposal.id)).toMatchObject({ status: 'pending' });
    server.clock.set(Date.parse(proposal.startsAt));
    await server.application.changeBySystem();
    expect(await visits.read(cookies.patient, proposal.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire', by: 'system' },
      door: { state: 'closed' },
    });
    expect(await visits.read(cookies.doctor, later.id)).toMatchObject({ status: 'pending' });
    const stands = await visits.read(cookies.doctor, before.id);
    expect(stands).toMatchObject({ status: 'scheduled', movedToId: null });
    for (const cookie of [cookies.doctor, cookies.patient]) {
      expect((await visits.kindsOf(cookie)).filter((kind) => kind === 'proposal-expired')).toHaveLength(1);
    }
    await expectRefusal(await visits.confirm(cookies.doctor, proposal), 409, 'change_not_allowed');
    // There is room for another offer.
    expect((await visits.propose(cookies.doctor, stands, desk.slot(7))).status).toBe(201);
  });

  it('the doctor can say that a visit was missed, but not before its start', async ({ all }) => {
    const { server, visits, doctor, cookies, agreed } = all;
    const visit = await agreed();
    await expectNotAllowed(await visits.change(cookies.doctor, visit, 'miss'), ['cancel']);
    server.clock.set(Date.parse(visit.startsAt) + MINUTE_MS);
    cookies.doctor = await server.signIn(doctor);
    expect(await appointmentOf(await visits.change(cookies.doctor, visit, 'miss'))).toMatchObject({
      outcome: 'missed',
    });
  });
});
