import { randomUUID } from 'node:crypto';
import type { Appointment } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { appointmentOf, BookingDesk } from '../testing/booking-desk.ts';
import { NoteDesk, noteOf } from '../testing/note-desk.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;
let notes: NoteDesk;
let doctor: Person;
let patient: Person;
let doctorCookie: string;
let patientCookie: string;

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
  notes = NoteDesk.create(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  doctor = await desk.doctor('Doctor');
  patient = await server.person('patient', 'Patient');
  doctorCookie = await server.signIn(doctor);
  patientCookie = await server.signIn(patient);
});

const confirm = async (cookie: string, { id, version }: Appointment, comment: string) =>
  appointmentOf(await desk.post(cookie, `/api/appointments/${id}/confirm`, { version, comment }));
const agreed = async (comment = '') =>
  confirm(doctorCookie, await desk.booked(patientCookie, doctor, desk.slot(3)), comment);
const propose = async (cookie: string, { id, version }: Appointment, comment: string) => {
  const { date, startTime, endTime, startsAt } = desk.slot(5);
  const time = { date, startTime, endTime, startsAt: startsAt.toISOString(), version, comment };
  const key = { idempotencyKey: randomUUID() };
  return appointmentOf(await desk.post(cookie, `/api/appointments/${id}/proposals`, { ...time, ...key }));
};
const read = async (cookie: string, id: string) =>
  appointmentOf(await server.call('GET', `/api/appointments/${id}`, { cookie }));

describe('an appointment that is moved', () => {
  it('keeps the colleagues who were added to it', async () => {
    const colleague = await server.person('doctor', 'Dr. Cole');
    const late = await server.person('doctor', 'Dr. Late');
    const before = await agreed();
    const add = (id: string, doctorId: string) =>
      desk.post(doctorCookie, `/api/appointments/${id}/colleagues`, { doctorId });
    await add(before.id, colleague.id);
    const proposal = await propose(patientCookie, before, '');
    await add(before.id, late.id);
    const moved = await confirm(doctorCookie, proposal, '');
    expect(moved.colleagues.map(({ id }) => id)).toEqual([colleague.id, late.id]);
    const cookie = await server.signIn(colleague);
    expect(await read(cookie, moved.id)).toMatchObject({ myParty: 'colleague' });
  });

  it('keeps what was said: a confirmation without words wipes none of it', async () => {
    const before = await agreed('Bring your list of medicines.');
    const proposal = await propose(patientCookie, before, 'I am at work until five.');
    const moved = await confirm(doctorCookie, proposal, '');
    expect(moved.comment).toBe('Bring your list of medicines.\n\nI am at work until five.');
    expect((await read(patientCookie, moved.id)).comment).toBe(moved.comment);
  });

  it('adds what the doctor says when agreeing, and has the latest words where there is no room for all', async () => {
    const before = await agreed('x'.repeat(900));
    const proposal = await propose(patientCookie, before, 'Later?');
    expect(await confirm(doctorCookie, proposal, 'Gladly, but '.padEnd(200, '.'))).toMatchObject({
      comment: `Later?\n\n${'Gladly, but '.padEnd(200, '.')}`,
    });
  });

  it('takes the draft of its note along', async () => {
    const before = await agreed();
    await noteOf(await notes.save(doctorCookie, before.id, 0, { plan: 'Ask about the knee' }, false));
    const proposal = await propose(doctorCookie, before, 'I am away that day.');
    const moved = await confirm(patientCookie, proposal, '');
    expect(await read(doctorCookie, moved.id)).toMatchObject({ note: 'draft' });
    expect(await read(doctorCookie, before.id)).toMatchObject({ status: 'rescheduled', note: 'none' });
    const note = await noteOf(await notes.read(doctorCookie, moved.id));
    expect(note).toMatchObject({ appointmentId: moved.id, version: 1, content: { plan: 'Ask about the knee' } });
    await expectRefusal(await notes.save(doctorCookie, before.id, 1), 409, 'change_not_allowed');
    await noteOf(await notes.save(doctorCookie, moved.id, 1, { plan: 'Ask about both knees' }, false));
    await expectRefusal(await notes.read(patientCookie, moved.id), 404, 'not_found');
  });
});
