import { describe, expect } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { it } from '../testing/visit-test.ts';

/** As many as a job looks at together. */
const MANY = 100;
const HOUR_MINUTES = 60;

describe('what cannot be ended, however much of it comes first,', () => {
  it.for([
    ['expire requests', { status: 'pending', awaiting: 'doctor' }, 'cancelled'],
    ['end visits that were left', { status: 'scheduled' }, 'completed'],
  ] as const)('keeps nothing waiting: the job "%s"', async ([job, parts, ended], { server, doctor, patient }) => {
    const appointments = server.database.connection.collection('appointments');
    const stuck = await Promise.all(
      Array.from({ length: MANY }, () => server.appointment(doctor, patient, -3 * HOUR_MINUTES, parts)),
    );
    const ofStuck = { _id: { $in: stuck.map(toStoredId) } };
    await appointments.updateMany(ofStuck, { $set: { events: 'broken' } });
    const id = await server.appointment(doctor, patient, -2 * HOUR_MINUTES, parts);
    await server.application.runJob(job);
    expect(await appointments.findOne({ _id: toStoredId(id) })).toMatchObject({ status: ended });
    expect(await appointments.countDocuments({ ...ofStuck, status: parts.status })).toBe(MANY);
  });
});
