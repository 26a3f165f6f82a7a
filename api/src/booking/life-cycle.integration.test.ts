import { errorBodySchema } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectNotAllowed, expectRefusal } from '../testing/answers.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { expectWhole } from '../testing/close-whole.ts';
import { it } from '../testing/visit-test.ts';

it.afterAll(({ server }) => expectWhole(server));

const statusesOf = (answers: readonly Response[]) => answers.map(({ status }) => status).sort();

describe('answering a request (R43)', () => {
  it('by yes, with a comment, schedules it', async ({ desk, visits, doctor, cookies }) => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    const answer = await visits.change(cookies.doctor, asked, 'confirm', { comment: 'Bring your list of medicines.' });
    expect(await appointmentOf(answer)).toMatchObject({ status: 'scheduled', awaiting: null, version: 1 });
    expect(await visits.read(cookies.patient, asked.id)).toMatchObject({ comment: 'Bring your list of medicines.' });
    expect(await visits.kindsOf(cookies.patient)).toEqual(['confirmed', 'requested']);
  });

  it('is too late once its time has come, and for nobody else', async ({ server, desk, visits, doctor, cookies }) => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    const stranger = await server.signIn(await server.person('doctor', 'Stranger'));
    await expectRefusal(await visits.confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await visits.cancel(stranger, asked), 403, 'forbidden');
    const before = server.clock.now();
    server.clock.set(Date.parse(asked.startsAt));
    const late = await visits.confirm(await server.signIn(doctor), asked);
    await expectNotAllowed(late, ['decline', 'cancel']);
    server.clock.set(before);
  });

  it('is in the trail, each by its name', async ({ server, desk, visits, doctor, cookies }) => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    await visits.cancel(cookies.doctor, await appointmentOf(await visits.confirm(cookies.doctor, asked)));
    const entries = server.database.connection.collection('audit_entries').find({ resourceId: asked.id });
    const trail = z.array(z.looseObject({ detail: z.string().nullable() })).parse(await entries.toArray());
    const details = trail.map(({ detail }) => detail).filter((detail) => detail !== null);
    expect(details.sort()).toEqual(['appointment_cancel', 'appointment_confirm', 'appointment_request']);
  });

  it('by no, with a reason, gives the time back', async ({ desk, visits, doctor, cookies }) => {
    const slot = desk.slot(3);
    const asked = await desk.booked(cookies.patient, doctor, slot);
    const refused = await appointmentOf(await visits.change(cookies.doctor, asked, 'decline', { reason: 'I am away' }));
    expect(refused).toMatchObject({
      status: 'cancelled',
      ending: { change: 'decline', by: 'doctor', reason: 'I am away' },
      changes: [],
      door: { state: 'closed' },
    });
    expect((await desk.book(cookies.patient, doctor, slot)).status).toBe(201);
  });

  it('is for the side that was asked; what else is tried names what may be done', async ({ all }) => {
    const { server, desk, visits, doctor, cookies } = all;
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    const refused = await visits.confirm(cookies.patient, asked);
    expect(refused.status).toBe(409);
    expect(errorBodySchema.parse(await refused.json()).error).toMatchObject({
      code: 'change_not_allowed',
      allowed: ['cancel'],
    });
    const stranger = await server.signIn(await server.person('patient', 'Stranger'));
    await expectRefusal(await visits.confirm(stranger, asked), 403, 'forbidden');
    await expectRefusal(await visits.cancel(stranger, asked), 403, 'forbidden');
  });
});

describe('calling off', () => {
  it('by either side, with a reason, frees the time of both', async ({ desk, visits, doctor, cookies, agreed }) => {
    const slot = desk.slot(3);
    const first = await agreed(slot);
    for (const cookie of [cookies.doctor, cookies.patient]) {
      await expectRefusal(await visits.cancel(cookie, first, ' '), 400, 'validation_failed');
    }
    expect((await visits.cancel(cookies.doctor, first)).status).toBe(200);
    const second = await agreed(slot);
    expect(await appointmentOf(await visits.cancel(cookies.patient, second, 'I would rather not say'))).toMatchObject({
      status: 'cancelled',
      ending: { change: 'cancel', by: 'patient', reason: 'I would rather not say' },
    });
    expect((await desk.book(cookies.patient, doctor, slot)).status).toBe(201);
  });

  it('keeps a ready reason as what it is, instead of words in the language of one of them', async ({ all }) => {
    const { server, desk, visits, cookies, agreed } = all;
    const first = await agreed(desk.slot(3));
    const cancel = (why: object) => visits.change(cookies.patient, first, 'cancel', why);
    for (const why of [{}, { reason: 'Ill', reasonKind: 'time' }, { reasonKind: 'bored' }]) {
      await expectRefusal(await cancel(why), 400, 'validation_failed');
    }
    const ending = { change: 'cancel', by: 'patient', reason: '', reasonKind: 'time' };
    expect(await appointmentOf(await cancel({ reasonKind: 'time' }))).toMatchObject({ status: 'cancelled', ending });
    const told = await appointmentOf(
      await server.call('GET', `/api/appointments/${first.id}`, { cookie: cookies.doctor }),
    );
    expect(told.ending).toMatchObject(ending);
    const second = await agreed(desk.slot(3));
    const worded = await appointmentOf(await visits.cancel(cookies.doctor, second, 'Ill'));
    expect(worded.ending).toMatchObject({ reason: 'Ill', reasonKind: null });
    // Those from before there were ready reasons.
    const stored = server.database.connection.collection('appointments');
    await stored.updateOne({ _id: toStoredId(second.id) }, { $unset: { 'ending.reasonKind': '' } });
    const older = await server.call('GET', `/api/appointments/${second.id}`, { cookie: cookies.patient });
    expect((await appointmentOf(older)).ending).toMatchObject({ reason: 'Ill', reasonKind: null });
  });

  it('is refused for a version that was changed in another tab', async ({ desk, visits, doctor, cookies }) => {
    const asked = await desk.booked(cookies.patient, doctor, desk.slot(3));
    await visits.confirm(cookies.doctor, asked);
    await expectRefusal(await visits.cancel(cookies.patient, asked), 409, 'version_conflict');
  });

  it('and agreeing at the same moment: one of them wins', async ({ desk, visits, doctor, cookies }) => {
    for (let round = 0; round < 5; round += 1) {
      const asked = await desk.booked(cookies.patient, doctor, desk.slot(4, round));
      const answers = await Promise.all([visits.confirm(cookies.doctor, asked), visits.cancel(cookies.patient, asked)]);
      expect(statusesOf(answers)).toEqual([200, 409]);
      const { status, version } = await visits.read(cookies.patient, asked.id);
      expect([status, version]).toEqual([answers[0].status === 200 ? 'scheduled' : 'cancelled', 1]);
    }
  });
});

describe('a follow-up', () => {
  it('is booked by the doctor at once', async ({ server, desk, visits, doctor, patient, cookies }) => {
    const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const path = `/api/appointments/${await server.appointment(doctor, patient, -60, over)}/follow-up`;
    expect(await appointmentOf(await desk.post(cookies.doctor, path, wanted))).toMatchObject({ status: 'scheduled' });
    await expectRefusal(await desk.post(cookies.patient, path, wanted), 403, 'forbidden');
    expect(await visits.kindsOf(cookies.patient)).toContain('booked');
  });

  it('follows a visit that has taken place, not one that was declined, missed or is still to come', async ({ all }) => {
    const { server, desk, visits, doctor, patient, cookies, agreed } = all;
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(10));
    const closedAt = new Date(server.clock.now());
    const declined = await desk.booked(cookies.patient, doctor, desk.slot(3));
    await visits.change(cookies.doctor, declined, 'decline', { reason: 'No' });
    for (const [id, allowed] of [
      [declined.id, []],
      [await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'missed', closedAt }), []],
      [(await agreed(desk.slot(4))).id, ['cancel']],
    ] as const) {
      const refused = await desk.post(cookies.doctor, `/api/appointments/${id}/follow-up`, wanted);
      expect(refused.status).toBe(409);
      const { error } = errorBodySchema.parse(await refused.json());
      expect(error).toMatchObject({ code: 'change_not_allowed', allowed });
    }
  });
});

describe('calling off a visit whose call runs', () => {
  it('ends the call', async ({ server, desk, visits, doctor, agreed }) => {
    const visit = await agreed(desk.slot(3, 30));
    const before = server.clock.now();
    server.clock.set(Date.parse(visit.startsAt));
    await server.report(server.node.heartbeat());
    const cookie = await server.signIn(doctor);
    const joined = await server.call('POST', `/api/consultations/${visit.id}/join`, { cookie });
    expect(joined.status).toBe(200);
    expect((await visits.cancel(cookie, visit)).status).toBe(200);
    expect(server.node.commands).toContain(`POST /control/rooms/${visit.id}/close`);
    server.clock.set(before);
  });
});
