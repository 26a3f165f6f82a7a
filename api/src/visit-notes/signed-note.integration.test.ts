import { randomUUID } from 'node:crypto';
import { recordAccessSchema } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { noteOf } from '../testing/note-desk.ts';
import { it } from '../testing/record-test.ts';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 24 * 60;
const recordAccessListSchema = z.object({ entries: z.array(recordAccessSchema) });

describe('a signed note', () => {
  it('is read by who treats the patient and, if shared, by the patient; each reading is in the trail', async ({
    all,
  }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    const signed = await desk.signed(cookies.doctor, id, { text: 'Seen' }, false);
    const treating = await server.person('doctor', 'Dr. Next');
    await server.appointment(treating, patient, DAY_MINUTES, { status: 'pending', awaiting: 'doctor' });
    const treatingCookie = await server.signIn(treating);
    expect(await noteOf(await desk.read(treatingCookie, id))).toEqual(signed);
    await expectRefusal(await desk.read(cookies.patient, id), 403, 'forbidden');
    expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ note: 'sealed' });
    await expectRefusal(await desk.read(cookies.other, id), 403, 'forbidden');
    await expectRefusal(await desk.read(cookies.stranger, id), 403, 'forbidden');
    const shared = await noteOf(await desk.share(cookies.doctor, id, true));
    expect(shared).toEqual({ ...signed, shared: true });
    expect(await noteOf(await desk.read(cookies.patient, id))).toEqual(shared);
    expect(await clinic.trailOf(id)).toEqual([
      'create note_draft',
      'change note_signed',
      'view',
      'change note_shared',
      'view',
    ]);
    const opened = await server.call('GET', '/api/records/access', { cookie: cookies.patient });
    const [latest] = recordAccessListSchema
      .parse(await opened.json())
      .entries.filter(({ action }) => action === 'view');
    expect(latest).toMatchObject({ who: treating.name, resource: 'note', appointmentId: id });
    await clinic.withoutTrail(async () => expectRefusal(await desk.read(cookies.patient, id), 500, 'internal'));
    expect(await clinic.kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
    await noteOf(await desk.share(cookies.doctor, id, false));
    await expectRefusal(await desk.read(cookies.patient, id), 403, 'forbidden');
    expect(await clinic.visitAs(cookies.patient, id)).toMatchObject({ note: 'sealed' });
    expect(await clinic.kindsOf(patient.id)).toEqual(['completed', 'note-shared']);
  });

  it('is not for a doctor whose only appointment with the patient was called off', async ({ all }) => {
    const { server, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id);
    const declined = await server.person('doctor', 'Dr. Declined');
    await server.appointment(declined, patient, 60, { status: 'cancelled', closedAt: new Date() });
    await expectRefusal(await desk.read(await server.signIn(declined), id), 403, 'forbidden');
  });

  it('is amended, never changed: author and time are kept, each once', async ({ all }) => {
    const { server, clinic, desk, doctor, patient, cookies } = all;
    const id = await server.appointment(doctor, patient);
    await noteOf(await desk.save(cookies.doctor, id, 0, { text: 'Left arm' }));
    await expectRefusal(await desk.amend(cookies.doctor, id, 'Right arm'), 409, 'note_unsigned');
    await expectRefusal(await desk.share(cookies.doctor, id, true), 409, 'note_unsigned');
    const signed = await noteOf(await desk.sign(cookies.doctor, id, 1));
    server.clock.advance(MINUTE_MS);
    const at = new Date(server.clock.now()).toISOString();
    const key = randomUUID();
    const amended = await noteOf(await desk.amend(cookies.doctor, id, 'It was the right arm', key));
    const amendments = [{ at, authorName: doctor.name, text: 'It was the right arm' }];
    expect(amended).toEqual({ ...signed, amendments });
    expect(await noteOf(await desk.amend(cookies.doctor, id, 'It was the right arm', key))).toEqual(amended);
    await expectRefusal(await desk.amend(cookies.doctor, id, 'Another text', key), 409, 'idempotency_mismatch');
    const more = await Promise.all(
      Array.from({ length: 5 }, (_, count) => desk.amend(cookies.doctor, id, `Again ${count}`)),
    );
    expect(more.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    const after = await noteOf(await desk.read(cookies.patient, id));
    expect(after.amendments).toHaveLength(6);
    expect({ ...after, amendments: [] }).toEqual(signed);
    expect((await clinic.trailOf(id)).filter((entry) => entry === 'change note_amended')).toHaveLength(6);
    expect((await clinic.kindsOf(patient.id)).filter((kind) => kind === 'note-amended')).toHaveLength(6);
    await clinic.withoutTrail(async () => expectRefusal(await desk.amend(cookies.doctor, id, 'Lost'), 500, 'internal'));
    await clinic.withoutTrail(async () => expectRefusal(await desk.share(cookies.doctor, id, false), 500, 'internal'));
    expect(await noteOf(await desk.read(cookies.doctor, id))).toEqual(after);
  });

  it('takes 200 amendments', async ({ server, desk, doctor, patient, cookies }) => {
    const id = await server.appointment(doctor, patient);
    await desk.signed(cookies.doctor, id);
    const one = { at: new Date(), authorId: toStoredId(doctor.id), authorName: 'Dr. Dana', text: 'x' };
    const amendments = Array.from({ length: 199 }, (_, count) => ({ ...one, key: `key ${count}` }));
    await server.database.connection
      .collection('visit_notes')
      .updateOne({ appointmentId: toStoredId(id) }, { $set: { amendments } });
    expect((await desk.amend(cookies.doctor, id, 'The last one')).status).toBe(200);
    await expectRefusal(await desk.amend(cookies.doctor, id, 'One more'), 429, 'limit_exceeded');
  });
});
