import sharp from 'sharp';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import type { NewAppointment } from '../appointments/appointment-record.ts';
import { MISSED_CONNECTS_DAYS } from '../appointments/treating.ts';
import { it as recordTest } from '../testing/record-test.ts';

const MISSED = { status: 'completed', outcome: 'missed' } as const;
const LONG_AGO = MISSED_CONNECTS_DAYS + 1;
const ARCHIVED = 400;

const avatarSchema = z.strictObject({ avatarId: z.string() });

/** What a doctor can see of the patient: all of it, or nothing. */
const it = recordTest
  .extend('record', async ({ server, desk, patient, cookies }) => {
    const writer = await server.person('doctor', 'Dr. Writer');
    const noteId = await server.appointment(writer, patient);
    await desk.signed(await server.signIn(writer), noteId);
    const body = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#336699' } })
      .png()
      .toBuffer();
    const saved = await fetch(`${server.url}/api/profile/avatar`, {
      method: 'PUT',
      body: new Uint8Array(body),
      headers: { cookie: cookies.patient, 'content-type': 'image/png' },
    });
    const { avatarId } = avatarSchema.parse(await saved.json());
    return { noteId, avatarId };
  })
  .extend('seenBy', ({ server, charts, desk, patient, record }) => async (cookie: string) => {
    const answers = [
      await charts.chart(cookie),
      await charts.history(cookie),
      await desk.read(cookie, record.noteId),
      await server.call('GET', `/api/avatars/${record.avatarId}`, { cookie }),
    ];
    const { patients } = await charts.mine(cookie);
    return [...answers.map(({ status }) => status), patients.some(({ id }) => id === patient.id)];
  });

const ALL = [200, 200, 200, 200, true];
const NOTHING = [403, 403, 403, 403, false];

type Case = readonly [string, number, Partial<NewAppointment>, boolean, boolean];

describe('a visit at which the two did not meet', () => {
  it.for([
    ['of late', MISSED_CONNECTS_DAYS - 1, MISSED, true, true],
    ['long ago', LONG_AGO, MISSED, false, false],
    ['long ago, with a note to finish', LONG_AGO, { ...MISSED, noteState: 'draft' }, true, false],
    ['long ago, with a signed note', LONG_AGO, { ...MISSED, noteState: 'signed' }, true, false],
    ['that is in the archive', ARCHIVED, MISSED, false, false],
    ['that is in the archive, with a signed note', ARCHIVED, { ...MISSED, noteState: 'signed' }, true, false],
  ] as const satisfies readonly Case[])(
    '%s, %i days, opens a record to who still needs it',
    async ([_what, daysAgo, parts, isOpenToDoctor, isOpenToColleague], { server, charts, cookies, seenBy }) => {
      const colleague = await server.person('doctor', 'Dr. Cole');
      await charts.addColleague(await charts.visit(daysAgo, parts), colleague);
      await server.application.runJob('archive appointments');
      expect(await seenBy(cookies.doctor)).toEqual(isOpenToDoctor ? ALL : NOTHING);
      expect(await seenBy(await server.signIn(colleague))).toEqual(isOpenToColleague ? ALL : NOTHING);
    },
  );

  it('closes nothing that another one opens', async ({ server, charts, doctor, cookies, seenBy }) => {
    const colleague = await server.person('doctor', 'Dr. Cole');
    for (const daysAgo of [LONG_AGO, LONG_AGO + 1, ARCHIVED])
      await charts.addColleague(await charts.visit(daysAgo, MISSED), colleague);
    await charts.addColleague(await charts.visit(LONG_AGO), colleague);
    await server.application.runJob('archive appointments');
    for (const cookie of [cookies.doctor, await server.signIn(colleague)]) expect(await seenBy(cookie)).toEqual(ALL);
    const { patients } = await charts.mine(await server.signIn(doctor));
    expect(patients).toHaveLength(1);
  });

  it('leaves its doctor the visit itself, and a note on it gives the record back', async ({ all, seenBy }) => {
    const { server, charts, desk, cookies } = all;
    const id = await charts.visit(LONG_AGO, MISSED);
    expect(await seenBy(cookies.doctor)).toEqual(NOTHING);
    expect((await server.call('GET', `/api/appointments/${id}`, { cookie: cookies.doctor })).status).toBe(200);
    expect((await desk.save(cookies.doctor, id, 0)).status).toBe(200);
    expect(await seenBy(cookies.doctor)).toEqual(ALL);
  });

  it('does not keep another appointment with the doctor from opening it', async ({ server, all, seenBy }) => {
    const { charts, doctor, patient, cookies } = all;
    await charts.visit(LONG_AGO, MISSED);
    await server.appointment(doctor, patient, 600, { status: 'pending', awaiting: 'doctor' });
    // The list is of those who were to be seen by now.
    expect(await seenBy(cookies.doctor)).toEqual([200, 200, 200, 200, false]);
  });
});
