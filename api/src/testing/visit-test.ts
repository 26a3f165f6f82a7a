import type { Appointment, Schedule } from '@health-connect/contract';
import type { ScheduledSlot } from '../availability/slots.ts';
import { appointmentOf, BookingDesk } from './booking-desk.ts';
import { it as serverTest } from './server-test.ts';
import { VisitDesk } from './visit-desk.ts';

/** A test at the server of its file, with a doctor and a patient whom nobody has seen there before. */
export const it = serverTest
  .extend('desk', { scope: 'file' }, ({ server }) => BookingDesk.create(server))
  .extend('visits', { scope: 'file' }, ({ server }) => VisitDesk.create(server))
  /** What is set of the doctor's hours besides; a file may have others. */
  .extend('schedule', (): Partial<Schedule> => ({}))
  .extend('doctor', ({ desk, schedule }) => desk.doctor('Doctor', schedule))
  .extend('patient', ({ server }) => server.person('patient', 'Patient'))
  .extend('cookies', async ({ server, doctor, patient }) => ({
    doctor: await server.signIn(doctor),
    patient: await server.signIn(patient),
  }))
  /** Signs both in again: sessions end as the clock leaps. */
  .extend('signIn', ({ server, doctor, patient, cookies }) => async (): Promise<void> => {
    [cookies.doctor, cookies.patient] = [await server.signIn(doctor), await server.signIn(patient)];
  })
  /** Books as the patient, and agrees as the doctor. */
  .extend(
    'agreed',
    ({ desk, visits, doctor, cookies }) =>
      async (slot: ScheduledSlot = desk.slot(3), comment = ''): Promise<Appointment> =>
        appointmentOf(await visits.confirm(cookies.doctor, await desk.booked(cookies.patient, doctor, slot), comment)),
  )
  /** All of these, for tests that need many. */
  .extend('all', ({ server, desk, visits, doctor, patient, cookies, signIn, agreed }) => {
    return { server, desk, visits, doctor, patient, cookies, signIn, agreed };
  });
