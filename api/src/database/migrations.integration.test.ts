import { describe, expect } from 'vitest';
import { AppointmentRepository } from '../appointments/appointment.repository.ts';
import { appointmentTime } from '../appointments/wall-time.ts';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import type { Migration } from './migration.ts';
import { MIGRATIONS } from './migrations.ts';

/** The step of the product whose summary begins so. */
function named(beginning: string): Migration {
  const found = MIGRATIONS.find(({ summary }) => summary.startsWith(beginning));
  if (found === undefined) throw new Error(`There is no step "${beginning}"`);
  return found;
}

describe('the steps of this product', () => {
  it('bring appointments from before to what reads them now, with their reminders, also when repeated', async ({
    database,
  }) => {
    const appointments = database.collection('appointments');
    const [doctorId, patientId] = [stored(), stored()];
    const time = appointmentTime(new Date(Date.now() + 2 * 86_400_000), 20, 'Europe/Berlin');
    const texts = { mode: 'video', reason: '', comment: '', notes: '', rating: null, review: '', closedAt: null };
    const before = { ...time, ...texts, doctorId, patientId, colleagueIds: [], createdAt: new Date() };
    const { insertedIds } = await appointments.insertMany([
      { ...before, status: 'scheduled' },
      { ...before, status: 'pending' },
      { ...before, status: 'completed', closedAt: time.endsAt, rating: 4 },
    ]);
    await database.migrateTwice(...MIGRATIONS);
    const repository = AppointmentRepository.create(database.connection);
    const records = [];
    for (const id of Object.values(insertedIds)) records.push(await repository.byId(String(id)));
    const common = {
      version: 0,
      calendarSequence: 0,
      noteState: 'none',
      replacesId: null,
      movedToId: null,
      ending: null,
    };
    expect(records).toMatchObject([
      { ...common, awaiting: null, outcome: null, calendarUid: `${String(insertedIds[0])}@health-connect` },
      { ...common, awaiting: 'doctor', outcome: null },
      { ...common, awaiting: null, outcome: 'met', ratedAt: time.endsAt },
    ]);
    const reminders = await database.collection('reminders').find().toArray();
    expect(reminders).toHaveLength(6);
    for (const reminder of reminders)
      expect(reminder).toMatchObject({ appointmentId: insertedIds[0], state: 'planned' });
  });
});

describe('holds', () => {
  it('of an older build are given back with their time, and nobody else loses any', async ({ database }) => {
    const [old, current] = [stored(), stored()];
    await database.collection('holds').insertMany([{ holdId: old }, { holdId: current, cells: 8 }]);
    const claim = (owner: string, ownerId: unknown, cell: number) => ({ owner, ownerId, cell });
    await database
      .collection('time_claims')
      .insertMany([
        claim('hold', old, 1),
        claim('hold', old, 2),
        claim('hold', current, 3),
        claim('appointment', stored(), 4),
      ]);
    await database.migrate(named('A hold names'));
    expect((await database.collection('holds').find().toArray()).map(({ holdId }) => holdId as unknown)).toEqual([
      current,
    ]);
    const left = await database.collection('time_claims').find().sort({ cell: 1 }).toArray();
    expect(left.map(({ cell }) => Number(cell))).toEqual([3, 4]);
  });
});

describe('the audit trail', () => {
  it('loses an index that another one makes up for, also when the step is repeated', async ({ database }) => {
    const entries = database.collection('audit_entries');
    await entries.createIndexes([{ key: { accountId: 1, at: -1, _id: -1 } }]);
    await database.migrateTwice(named('The audit trail is searched'));
    expect((await entries.indexes()).map(({ name }) => name)).toEqual(['_id_']);
  });
});
