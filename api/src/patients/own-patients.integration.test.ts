import { describe, expect } from 'vitest';
import { appointmentOf } from '../testing/answers.ts';
import { pageOf, PROFILE } from '../testing/chart-desk.ts';
import { it } from '../testing/record-test.ts';
import { PatientRepository } from './patient.repository.ts';

const DAY_MINUTES = 24 * 60;

describe("a doctor's patients", () => {
  it('are those whom they have seen, last seen first, each once, the archive and colleagues included', async ({
    all,
  }) => {
    const { server, charts, doctor, cookies } = all;
    const people = await Promise.all(
      Array.from({ length: 55 }, (_, count) => server.person('patient', `Patient ${String.fromCharCode(97 + count)}`)),
    );
    const other = await server.person('doctor', 'Dr. Else');
    const [first, second, third] = people;
    if (first === undefined || second === undefined || third === undefined) throw new Error('There is nobody');
    for (const [index, person] of people.entries())
      await charts.visit(20 + index, { noteState: 'signed' }, doctor, person);
    await charts.visit(2, {}, doctor, third);
    const shared = await charts.visit(1, {}, other, second);
    await charts.addColleague(shared, doctor);
    const old = await server.person('patient', 'Long Ago');
    await charts.visit(500, { noteState: 'signed' }, doctor, old);
    await server.application.runJob('archive appointments');
    // Not seen: still to come, called off, somebody else's.
    await server.appointment(doctor, await server.person('patient', 'Tomorrow'), DAY_MINUTES);
    await charts.visit(3, { status: 'cancelled', outcome: null }, doctor, await server.person('patient', 'Called Off'));
    await charts.visit(3, {}, other, await server.person('patient', 'Not Ours'));
    await PatientRepository.create(server.database.connection).insert({
      ...PROFILE,
      allergies: [],
      emergencyContact: [],
      id: second.id,
    });
    const page = await charts.mine(cookies.doctor);
    expect(page.patients).toHaveLength(50);
    const rest = await charts.mine(cookies.doctor, `?cursor=${page.next ?? ''}`);
    expect(rest.next).toBeNull();
    const expected = [second, third, first, ...people.slice(3), old].map(({ id }) => id);
    expect([...page.patients, ...rest.patients].map(({ id }) => id)).toEqual(expected);
    const seen = await appointmentOf(
      await server.call('GET', `/api/appointments/${shared}`, { cookie: cookies.doctor }),
    );
    expect(page.patients[0]).toEqual({
      id: second.id,
      name: second.name,
      avatarId: null,
      dateOfBirth: PROFILE.dateOfBirth,
      lastVisitAt: seen.startsAt,
    });
    expect(await charts.mine(cookies.other)).toEqual({ patients: [], next: null });
    const entries = server.database.connection.collection('audit_entries');
    expect(await entries.countDocuments({ accountId: doctor.id, action: 'view', patientId: old.id })).toBe(1);
  });
});

describe('queries of charts (R24, R25)', () => {
  it('read indexes: of a history no more than a page, in order; of a list no document', async ({ all }) => {
    const { server, charts, cookies } = all;
    const { db } = server.database.connection;
    if (db === undefined) throw new Error('Not connected');
    for (let count = 0; count < 60; count += 1) await charts.visit(count + 1);
    const next = (await pageOf(await charts.history(cookies.patient))).next ?? '';
    await db.command({ profile: 2 });
    await charts.history(cookies.patient);
    await charts.history(cookies.patient, `?cursor=${next}`);
    await charts.history(cookies.doctor);
    await charts.chart(cookies.doctor);
    await charts.mine(cookies.doctor);
    await db.command({ profile: 0 });
    const entries = await db
      .collection('system.profile')
      .find({ op: { $in: ['query', 'command'] }, ns: /\.(appointments|appointments_archive|patients)$/ })
      .toArray();
    await db.dropCollection('system.profile');
    expect(entries.length).toBeGreaterThan(8);
    for (const entry of entries) expect(JSON.stringify(entry)).not.toContain('COLLSCAN');
    const pages = entries.filter(
      ({ ns, command }) => String(ns).endsWith('.appointments') && JSON.stringify(command).includes('"limit":21'),
    );
    expect(pages).toHaveLength(3);
    for (const page of pages) {
      expect(page).toMatchObject({ nreturned: 21 });
      expect(page['docsExamined']).toBeLessThanOrEqual(22);
      expect(page['hasSortStage']).toBeUndefined();
    }
    const [list] = entries.filter(({ command }) => JSON.stringify(command).includes('"$unionWith"'));
    expect(list?.['docsExamined']).toBe(0);
  });
});
