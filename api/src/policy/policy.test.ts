import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROLES, type AccountStatus, type Role } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { ACTIONS, can, partyOf, requireCan, type Asker } from './policy.ts';

const asker = (accountId: string, role: Role, status: AccountStatus = 'active'): Asker => ({ accountId, role, status });
const appointment = { doctorId: 'd', patientId: 'p', colleagueIds: ['c'] };
const record = { patientId: 'p', treatingDoctorIds: ['d', 'c'] };
const everybody = ROLES.flatMap((role) => ['d', 'p', 'c', 'other'].map((id) => asker(id, role)));
const allowed = (test: (asker: Asker) => boolean): string[] =>
  everybody.filter(test).map(({ accountId, role }) => `${accountId} ${role}`);

/** Sources of the services, without tests and without this folder. */
function sources(): string {
  const root = join(import.meta.dirname, '..');
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !file.startsWith('policy'),
  );
  return files.map((file) => readFileSync(join(root, file), 'utf8')).join('\n');
}

describe('policy (R31, A1)', () => {
  it('has no rule that no service asks', () => {
    const all = sources();
    expect(ACTIONS.filter((action) => !all.includes(`'${action}'`))).toEqual([]);
  });

  it.each(['appointment.view', 'consultation.join', 'consultation.watch'] as const)(
    '%s: parties in their role',
    (action) => {
      expect(allowed((who) => can(who, action, appointment)).sort()).toEqual(['c doctor', 'd doctor', 'p patient']);
    },
  );

  it.each(['appointment.change-colleagues', 'consultation.close'] as const)('%s: its doctor', (action) => {
    expect(allowed((who) => can(who, action, appointment))).toEqual(['d doctor']);
  });

  it('appointment.export: its doctor and its patient', () => {
    expect(allowed((who) => can(who, 'appointment.export', appointment)).sort()).toEqual(['d doctor', 'p patient']);
  });

  it.each(['notifications.view', 'notifications.change'] as const)('%s: whose bell it is, once approved', (action) => {
    expect(can(asker('d', 'doctor'), action, { ownerId: 'd' })).toBe(true);
    expect(can(asker('d', 'doctor', 'pending'), action, { ownerId: 'd' })).toBe(false);
    expect(can(asker('a', 'administrator'), action, { ownerId: 'd' })).toBe(false);
  });

  it('record.view: the patient, who treats them, and staff', () => {
    const expected = ['c doctor', 'd doctor', 'p patient', ...['d', 'p', 'c', 'other'].map((id) => `${id} staff`)];
    expect(allowed((who) => can(who, 'record.view', record)).sort()).toEqual(expected.sort());
  });

  it('appointment.rate: its patient', () => {
    expect(allowed((who) => can(who, 'appointment.rate', appointment))).toEqual(['p patient']);
  });

  it('note.write: its doctor', () => {
    expect(allowed((who) => can(who, 'note.write', appointment))).toEqual(['d doctor']);
  });

  it('note.view: who treats the patient, and the patient if it is shared; no staff', () => {
    const doctors = ['c doctor', 'd doctor'];
    expect(allowed((who) => can(who, 'note.view', { ...record, shared: false })).sort()).toEqual(doctors);
    const withPatient = [...doctors, 'p patient'];
    expect(allowed((who) => can(who, 'note.view', { ...record, shared: true })).sort()).toEqual(withPatient);
  });

  it('access-log.view: the patient alone, not even who treats them', () => {
    expect(allowed((who) => can(who, 'access-log.view', { patientId: 'p' }))).toEqual(['p patient']);
  });

  it.each(['accounts.administer', 'audit.search', 'outbox.view'] as const)('%s: administrators', (action) => {
    const expected = ['d', 'p', 'c', 'other'].map((id) => `${id} administrator`);
    expect(allowed((who) => can(who, action, undefined))).toEqual(expected);
  });

  it.each(['profile.view', 'profile.change'] as const)('%s: its owner', (action) => {
    expect(can(asker('d', 'doctor'), action, { ownerId: 'd' })).toBe(true);
    expect(can(asker('d', 'doctor', 'pending'), action, { ownerId: 'd' })).toBe(true);
    expect(can(asker('a', 'administrator'), action, { ownerId: 'd' })).toBe(false);
  });

  it.each(['pending', 'unconfirmed', 'disabled'] as const)('a %s account sees no patient', (status) => {
    const doctor = asker('d', 'doctor', status);
    expect(can(doctor, 'appointment.view', appointment)).toBe(false);
    expect(can(doctor, 'consultation.join', appointment)).toBe(false);
    expect(can(doctor, 'record.view', record)).toBe(false);
    expect(can(asker('a', 'administrator', status), 'audit.search', undefined)).toBe(false);
  });

  it('picture.view: of doctors everybody, of patients those who may see their record', () => {
    const of = (ownerRole: Role, treatingDoctorIds: string[] = []) => ({ ownerId: 'p', ownerRole, treatingDoctorIds });
    expect(allowed((who) => can(who, 'picture.view', of('doctor')))).toHaveLength(everybody.length);
    const others = allowed((who) => who.accountId !== 'p' && can(who, 'picture.view', of('patient', ['d'])));
    expect(others.sort()).toEqual(['c staff', 'd doctor', 'd staff', 'other staff']);
    expect(can(asker('d', 'doctor', 'pending'), 'picture.view', of('patient', ['d']))).toBe(false);
    expect(can(asker('d', 'doctor'), 'picture.view', of('staff', ['d']))).toBe(false);
  });

  it('refuses with forbidden', () => {
    expect(() => requireCan(asker('x', 'doctor'), 'appointment.view', appointment)).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
  });

  it('names what somebody is in an appointment', () => {
    expect(['d', 'p', 'c', 'x'].map((id) => partyOf(appointment, id))).toEqual([
      'doctor',
      'patient',
      'colleague',
      undefined,
    ]);
  });
});
