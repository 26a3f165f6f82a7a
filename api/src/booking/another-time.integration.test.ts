import type { Appointment } from '@health-connect/contract';
import { describe, expect, vi } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { expectWhole } from '../testing/close-whole.ts';
import { it } from '../testing/visit-test.ts';
import { findBreaches } from './integrity.ts';
import { IntegrityRepository } from './integrity.repository.ts';

const MINUTE_MS = 60_000;

it.afterAll(({ server }) => expectWhole(server));

describe('another time', () => {
  it('that both agree to takes the place of the first one', async ({ all }) => {
    const { server, desk, visits, doctor, cookies, agreed } = all;
    const before = await agreed();
    const later = desk.slot(5);
    const proposal = await appointmentOf(await visits.propose(cookies.patient, before, later));
    expect(proposal).toMatchObject({
      status: 'pending',
      awaiting: 'doctor',
      replacesId: before.id,
      proposedBy: 'patient',
      startsAt: later.startsAt.toISOString(),
    });
    expect(await visits.read(cookies.doctor, before.id)).toMatchObject({ status: 'scheduled' });
    expect(await appointmentOf(await visits.confirm(cookies.doctor, proposal))).toMatchObject({ status: 'scheduled' });
    expect(await visits.read(cookies.patient, before.id)).toMatchObject({
      status: 'rescheduled',
      movedToId: proposal.id,
    });
    const history = await server.call('GET', `/api/appointments/${proposal.id}/events`, { cookie: cookies.patient });
    expect(await history.json()).toMatchObject({
      events: [{ change: 'propose' }, { change: 'move', by: 'doctor', fromStartsAt: before.startsAt }],
    });
    expect((await desk.book(cookies.patient, doctor, desk.slot(3))).status).toBe(201);
  });

  it('is told to whoever looks at the first one, and so is its end', async ({ all }) => {
    const { server, desk, visits, cookies, agreed } = all;
    const before = await agreed(desk.slot(3, 40));
    const socket = await AppSocketClient.connect(server.url, cookies.patient);
    const changed: unknown[] = [];
    socket.socket.on('appointment.changed', (payload) => changed.push(payload));
    const ofBoth = (proposal: Appointment) => [{ appointmentId: proposal.id }, { appointmentId: before.id }];
    const proposal = await appointmentOf(await visits.propose(cookies.doctor, before, desk.slot(5, 40)));
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)), 10_000);
    changed.length = 0;
    expect((await visits.change(cookies.patient, proposal, 'decline', { reason: 'No' })).status).toBe(200);
    await vi.waitFor(() => expect(changed).toEqual(ofBoth(proposal)), 10_000);
    socket.close();
  });

  it('may overlap with the one that it is meant to replace', async ({ server, desk, visits, cookies }) => {
    const long = await desk.doctor('Long', { slotMinutes: 60 });
    const longCookie = await server.signIn(long);
    const first = await desk.booked(cookies.patient, long, desk.slot(6, 0, 60));
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
    expect(await appointmentOf(await visits.confirm(cookies.patient, proposal))).toMatchObject({ status: 'scheduled' });
  });

  it('that is declined or withdrawn leaves the first one as it is', async ({ desk, visits, cookies, agreed }) => {
    const before = await agreed();
    for (const [cookie, name, parts] of [
      [cookies.doctor, 'decline', { reason: 'No' }],
      [cookies.patient, 'cancel', { reason: 'Ill' }],
    ] as const) {
      const current = await visits.read(cookies.patient, before.id);
      const proposal = await appointmentOf(await visits.propose(cookies.patient, current, desk.slot(5)));
      expect(await appointmentOf(await visits.change(cookie, proposal, name, parts))).toMatchObject({
        status: 'cancelled',
      });
      expect(await visits.read(cookies.patient, before.id)).toMatchObject({ status: 'scheduled' });
    }
  });

  it('is one at a time, and ends with the one that it was meant to replace', async ({ all }) => {
    const { desk, visits, doctor, cookies, agreed } = all;
    const before = await agreed();
    const proposal = await appointmentOf(await visits.propose(cookies.patient, before, desk.slot(5)));
    const current = await visits.read(cookies.patient, before.id);
    await expectRefusal(await visits.propose(cookies.doctor, current, desk.slot(6)), 409, 'change_not_allowed');
    await expectRefusal(await visits.propose(cookies.doctor, proposal, desk.slot(6)), 409, 'change_not_allowed');
    expect((await visits.cancel(cookies.doctor, current)).status).toBe(200);
    expect(await visits.read(cookies.patient, proposal.id)).toMatchObject({
      status: 'cancelled',
      ending: { change: 'expire' },
    });
    expect((await desk.book(cookies.patient, doctor, desk.slot(5))).status).toBe(201);
  });
});
