import { describe, expect } from 'vitest';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { NOTIFICATION_SIDES_MIGRATION } from './notification-sides-migration.ts';

describe('notifications', () => {
  it('say as which side they were told, also of archived visits, and lose their old indexes; also when repeated', async ({
    database,
  }) => {
    const [doctor, patient] = [stored(), stored()];
    const [visit, archived, told] = [stored(), stored(), stored()];
    await database.collection('appointments').insertOne({ _id: visit, doctorId: doctor, patientId: patient });
    await database
      .collection('appointments_archive')
      .insertOne({ _id: archived, doctorId: doctor, patientId: patient });
    const line = (accountId: unknown, appointmentId: unknown) => ({ accountId, appointmentId });
    await database
      .collection('notifications')
      .insertMany([
        line(doctor, visit),
        line(patient, visit),
        line(doctor, archived),
        line(patient, archived),
        { ...line(patient, told), side: 'patient' },
      ]);
    await database
      .collection('notifications')
      .createIndexes([{ key: { accountId: 1, _id: -1 } }, { key: { accountId: 1, readAt: 1, _id: -1 } }]);
    await database.migrateTwice(NOTIFICATION_SIDES_MIGRATION);
    const lines = await database.collection('notifications').find().sort({ _id: 1 }).toArray();
    expect(lines.map(({ side }) => String(side))).toEqual(['doctor', 'patient', 'doctor', 'patient', 'patient']);
    expect((await database.collection('notifications').indexes()).map(({ key }) => key)).toEqual([{ _id: 1 }]);
  });

  it('that are not there are nothing to do', async ({ database }) => {
    await database.migrate(NOTIFICATION_SIDES_MIGRATION);
    expect(await database.collection('notifications').countDocuments()).toBe(0);
  });
});
