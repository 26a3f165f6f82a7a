import { describe, expect } from 'vitest';
import { z } from 'zod';
import { expectRefusal } from '../testing/answers.ts';
import { noteOf } from '../testing/note-desk.ts';
import { it as recordTest } from '../testing/record-test.ts';

const DAY_MINUTES = 24 * 60;

const listSchema = z.strictObject({
  visits: z.array(
    z.strictObject({
      appointmentId: z.string(),
      patientName: z.string(),
      visitStartsAt: z.string(),
      hasDraft: z.boolean(),
    }),
  ),
});
const it = recordTest.extend('list', ({ server }) => async (cookie: string) => {
  const response = await server.call('GET', '/api/notes/unsigned', { cookie });
  return listSchema.parse(await response.json()).visits;
});

describe('notes that are still to be signed', () => {
  it("are the doctor's own visits, the latest first, with a word on whether something is written", async ({
    all,
    list,
  }) => {
    const { server, desk, doctor, patient, cookies } = all;
    const over = { status: 'completed', outcome: 'met', closedAt: new Date(server.clock.now()) } as const;
    const met = await server.appointment(doctor, patient, -120, over);
    const older = await server.appointment(doctor, patient, -240, over);
    const missed = await server.appointment(doctor, patient, -300, { ...over, outcome: 'missed' });
    const running = await server.appointment(doctor, patient, -10);
    const notEnded = await server.appointment(doctor, patient, -60);
    await server.appointment(doctor, patient, -400, { ...over, outcome: 'missed' });
    await server.appointment(doctor, patient, -400, { ...over, status: 'cancelled', outcome: null });
    await server.appointment(doctor, patient, DAY_MINUTES);
    const done = await server.appointment(doctor, patient, -500, over);
    await desk.signed(cookies.doctor, done);
    for (const id of [older, missed, running]) await noteOf(await desk.save(cookies.doctor, id, 0));
    const visits = await list(cookies.doctor);
    expect(visits.map(({ appointmentId, hasDraft }) => [appointmentId, hasDraft])).toEqual([
      [notEnded, false],
      [met, false],
      [older, true],
      [missed, true],
    ]);
    expect(visits[0]).toMatchObject({ patientName: patient.name });
    expect(await list(cookies.other)).toEqual([]);
    await expectRefusal(await server.call('GET', '/api/notes/unsigned', { cookie: cookies.patient }), 403, 'forbidden');
  });

  it('are among them also when they were begun on a visit that is in the archive', async ({ all, list }) => {
    const { server, charts, desk, cookies } = all;
    const [met, missed] = [await charts.visit(400), await charts.visit(410, { outcome: 'missed' })];
    const untouched = await charts.visit(420);
    await charts.visit(430, { outcome: 'missed' });
    await server.application.runJob('archive appointments');
    for (const id of [met, missed]) await noteOf(await desk.save(cookies.doctor, id, 0));
    const listed = async () =>
      (await list(cookies.doctor)).map(({ appointmentId, hasDraft }) => [appointmentId, hasDraft]);
    expect(await listed()).toEqual([
      [met, true],
      [missed, true],
      [untouched, false],
    ]);
    for (const id of [met, missed]) await noteOf(await desk.sign(cookies.doctor, id, 1));
    expect(await listed()).toEqual([[untouched, false]]);
  });

  it('and every note are found by indexes', async ({ server, desk, doctor, patient, cookies, list }) => {
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    for (let count = 1; count <= 30; count += 1) {
      const over = { status: 'completed', outcome: 'met', closedAt: new Date(), noteState: 'signed' } as const;
      await server.appointment(doctor, patient, -count * 60, over);
    }
    const id = await server.appointment(doctor, patient, -60);
    await db.command({ profile: 2 });
    await desk.signed(cookies.doctor, id);
    await desk.amend(cookies.doctor, id, 'More');
    await desk.read(cookies.patient, id);
    const open = await server.appointment(doctor, patient, -90);
    expect(await list(cookies.doctor)).toMatchObject([{ appointmentId: open }]);
    await db.command({ profile: 0 });
    const entries = await db
      .collection('system.profile')
      .find({ ns: /\.(appointments|visit_notes)$/ })
      .toArray();
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of entries) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
    const unsigned = entries.find(({ op, command }) => op === 'query' && JSON.stringify(command).includes('"endsAt"'));
    // Of a day's signed ones, none is looked at; the one that is found counts twice: found, and brought into order.
    expect(unsigned).toMatchObject({ docsExamined: 2, nreturned: 1 });
    expect(unsigned?.['hasSortStage']).toBeUndefined();
  });
});
