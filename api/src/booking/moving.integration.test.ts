import type { Appointment } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf } from '../testing/booking-desk.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { it as visitTest } from '../testing/visit-test.ts';

const it = visitTest
  .extend('notes', { scope: 'file' }, ({ server }) => NoteDesk.create(server))
  .extend(
    'confirm',
    ({ visits }) =>
      async (cookie: string, visit: Appointment, comment: string) =>
        appointmentOf(await visits.confirm(cookie, visit, comment)),
  )
  .extend(
    'propose',
    ({ desk, visits }) =>
      async (cookie: string, visit: Appointment, comment: string) =>
        appointmentOf(await visits.propose(cookie, visit, desk.slot(5), comment)),
  );

describe('an appointment that is moved', () => {
  it('keeps the colleagues who were added to it', async ({ all, confirm, propose }) => {
    const { server, desk, visits, cookies, agreed } = all;
    const colleague = await server.person('doctor', 'Dr. Cole');
    const late = await server.person('doctor', 'Dr. Late');
    const before = await agreed();
    const add = (id: string, doctorId: string) =>
      desk.post(cookies.doctor, `/api/appointments/${id}/colleagues`, { doctorId });
    await add(before.id, colleague.id);
    const proposal = await propose(cookies.patient, before, '');
    await add(before.id, late.id);
    const moved = await confirm(cookies.doctor, proposal, '');
    expect(moved.colleagues.map(({ id }) => id)).toEqual([colleague.id, late.id]);
    const cookie = await server.signIn(colleague);
    expect(await visits.read(cookie, moved.id)).toMatchObject({ myParty: 'colleague' });
  });

  it('keeps what was said: a confirmation without words wipes none of it', async ({ all, confirm, propose }) => {
    const { desk, visits, cookies, agreed } = all;
    const before = await agreed(desk.slot(3), 'Bring your list of medicines.');
    const proposal = await propose(cookies.patient, before, 'I am at work until five.');
    const moved = await confirm(cookies.doctor, proposal, '');
    expect(moved.comment).toBe('Bring your list of medicines.\n\nI am at work until five.');
    expect((await visits.read(cookies.patient, moved.id)).comment).toBe(moved.comment);
  });

  it('adds what the doctor says when agreeing, and has the latest words where there is no room for all', async ({
    all,
    confirm,
    propose,
  }) => {
    const { desk, cookies, agreed } = all;
    const before = await agreed(desk.slot(3), 'x'.repeat(900));
    const proposal = await propose(cookies.patient, before, 'Later?');
    expect(await confirm(cookies.doctor, proposal, 'Gladly, but '.padEnd(200, '.'))).toMatchObject({
      comment: `Later?\n\n${'Gladly, but '.padEnd(200, '.')}`,
    });
  });

  it('takes the draft of its note along', async ({ visits, cookies, agreed, notes, confirm, propose }) => {
    const before = await agreed();
    await noteOf(await notes.save(cookies.doctor, before.id, 0, { plan: 'Ask about the knee' }, false));
    const proposal = await propose(cookies.doctor, before, 'I am away that day.');
    const moved = await confirm(cookies.patient, proposal, '');
    expect(await visits.read(cookies.doctor, moved.id)).toMatchObject({ note: 'draft' });
    expect(await visits.read(cookies.doctor, before.id)).toMatchObject({ status: 'rescheduled', note: 'none' });
    const note = await noteOf(await notes.read(cookies.doctor, moved.id));
    expect(note).toMatchObject({ appointmentId: moved.id, version: 1, content: { plan: 'Ask about the knee' } });
    await expectRefusal(await notes.save(cookies.doctor, before.id, 1), 409, 'change_not_allowed');
    await noteOf(await notes.save(cookies.doctor, moved.id, 1, { plan: 'Ask about both knees' }, false));
    await expectRefusal(await notes.read(cookies.patient, moved.id), 404, 'not_found');
  });
});
