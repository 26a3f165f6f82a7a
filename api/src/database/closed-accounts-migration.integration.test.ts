import { describe, expect } from 'vitest';
import { it } from '../testing/database-test.ts';
import { stored } from '../testing/test-database.ts';
import { CLOSED_ACCOUNTS_MIGRATION } from './closed-accounts-migration.ts';

describe('accounts that were closed before that called anything off', () => {
  it('are marked where an appointment is active, and nobody else is, also when repeated', async ({ database }) => {
    const id = {
      closed: stored(),
      staffNow: stored(),
      doctor: stored(),
      patient: stored(),
      closedPatient: stored(),
      idle: stored(),
    };
    const account = (name: keyof typeof id, role: string, disabledAt: Date | null = null) => {
      return { _id: id[name], role, disabledAt, leaving: false, email: `${name}@test.example` };
    };
    await database
      .collection('accounts')
      .insertMany([
        account('closed', 'doctor', new Date()),
        account('staffNow', 'staff'),
        account('doctor', 'doctor'),
        account('patient', 'patient'),
        account('closedPatient', 'patient', new Date()),
        account('idle', 'doctor', new Date()),
      ]);
    const visit = (doctorId: object, patientId: object, status: string) => ({ doctorId, patientId, status });
    await database
      .collection('appointments')
      .insertMany([
        visit(id.closed, id.patient, 'scheduled'),
        visit(id.staffNow, id.patient, 'pending'),
        visit(id.doctor, id.patient, 'scheduled'),
        visit(id.doctor, id.closedPatient, 'scheduled'),
        visit(id.idle, id.patient, 'completed'),
      ]);
    await database.migrateRepeatedly(CLOSED_ACCOUNTS_MIGRATION);
    const marked = await database.collection('accounts').find({ leaving: true }).sort({ email: 1 }).toArray();
    expect(marked.map(({ email }) => String(email))).toEqual(
      ['closed', 'closedPatient', 'staffNow'].map((name) => `${name}@test.example`),
    );
    expect(await database.collection('accounts').countDocuments()).toBe(6);
  });
});
