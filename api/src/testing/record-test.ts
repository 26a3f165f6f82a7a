import { VisitNoteRepository } from '../visit-notes/visit-note.repository.ts';
import { ChartDesk } from './chart-desk.ts';
import { NoteClinic } from './note-clinic.ts';
import { NoteDesk } from './note-desk.ts';
import { it as serverTest } from './server-test.ts';

/** A test at the server of its file, with a doctor and a patient of theirs whom nobody has seen there before. */
export const it = serverTest
  .extend('clinic', { scope: 'file' }, ({ server }) => NoteClinic.create(server))
  .extend('desk', { scope: 'file' }, ({ server }) => NoteDesk.create(server))
  .extend('notes', { scope: 'file' }, ({ server }) => VisitNoteRepository.create(server.database.connection))
  .extend('doctor', ({ server }) => server.person('doctor', 'Dr. Dana'))
  .extend('patient', ({ server }) => server.person('patient', 'Pat'))
  .extend('charts', ({ server, doctor, patient }) => ChartDesk.create(server, doctor, patient))
  /** Sign-ins of these two, of another doctor and of another patient. */
  .extend('cookies', async ({ server, doctor, patient }) => ({
    doctor: await server.signIn(doctor),
    patient: await server.signIn(patient),
    other: await server.signIn(await server.person('doctor', 'Dr. Other')),
    stranger: await server.signIn(await server.person('patient', 'Stranger')),
  }))
  /** All of these, for tests that need many. */
  .extend('all', ({ server, clinic, desk, notes, doctor, patient, charts, cookies }) => {
    return { server, clinic, desk, notes, doctor, patient, charts, cookies };
  });
