import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appointmentOf, appointmentsOf, expectRefusal } from '../testing/answers.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

let server: TestServer;
let doctor: Person;
let colleague: Person;
let stranger: Person;
let patient: Person;
let cookies: Record<'doctor' | 'colleague' | 'stranger' | 'patient', string>;

beforeAll(async () => {
  server = await TestServer.start();
  doctor = await server.person('doctor', 'Dr. Own');
  colleague = await server.person('doctor', 'Dr. Colleague');
  stranger = await server.person('doctor', 'Dr. Stranger');
  patient = await server.person('patient', 'Pat One');
  cookies = {
    doctor: await server.signIn(doctor),
    colleague: await server.signIn(colleague),
    stranger: await server.signIn(stranger),
    patient: await server.signIn(patient),
  };
});
afterAll(() => server.close());

type Who = keyof typeof cookies;
const get = (who: Who, path: string) => server.call('GET', `/api/appointments/${path}`, { cookie: cookies[who] });
const add = (who: Who, id: string, doctorId: string) =>
  server.call('POST', `/api/appointments/${id}/colleagues`, { cookie: cookies[who], body: { doctorId } });
const remove = (who: Who, id: string, doctorId: string) =>
  server.call('DELETE', `/api/appointments/${id}/colleagues/${doctorId}`, { cookie: cookies[who] });

describe('lists (R43)', () => {
  it('show own appointments by start, a doctor also those as a colleague, and nobody the others', async () => {
    const later = await server.appointment(doctor, patient, 90);
    const earlier = await server.appointment(doctor, patient, -90, { status: 'completed' });
    const other = await server.person('patient', 'Other Patient');
    const foreign = await server.appointment(stranger, other, 30);
    await add('doctor', later, colleague.id);

    expect((await appointmentsOf(await get('doctor', 'doctor'))).map(({ id }) => id)).toEqual([earlier, later]);
    expect((await appointmentsOf(await get('patient', 'patient'))).map(({ id }) => id)).toEqual([earlier, later]);
    const [asColleague, ...more] = await appointmentsOf(await get('colleague', 'doctor'));
    expect(more).toEqual([]);
    expect(asColleague).toMatchObject({ id: later, myParty: 'colleague', doctor: { id: doctor.id } });
    expect((await appointmentsOf(await get('stranger', 'doctor'))).map(({ id }) => id)).toEqual([foreign]);
  });

  it('hold names, zone and door, and no addresses or secrets (R33)', async () => {
    const id = await server.appointment(doctor, patient, 45);
    const response = await get('patient', id);
    const text = await response.clone().text();
    expect(text).not.toContain('@test.example');
    expect(text).not.toMatch(/passwordHash|argon2|emergencyContact|allergies/);
    const appointment = await appointmentOf(response);
    expect(appointment).toMatchObject({
      id,
      status: 'scheduled',
      timeZone: 'Europe/Berlin',
      doctor: { id: doctor.id, name: doctor.name, specialization: 'Cardiology' },
      patient: { id: patient.id, name: patient.name },
      myParty: 'patient',
      door: { state: 'early', opensAt: new Date(server.clock.now() + 15 * 60_000).toISOString() },
    });
  });
});

describe('one appointment', () => {
  it('is open to its parties only', async () => {
    const id = await server.appointment(doctor, patient);
    expect((await appointmentOf(await get('doctor', id))).myParty).toBe('doctor');
    expect((await appointmentOf(await get('patient', id))).myParty).toBe('patient');
    await expectRefusal(await get('stranger', id), 403, 'forbidden');
    await expectRefusal(await get('colleague', id), 403, 'forbidden');
    await add('doctor', id, colleague.id);
    expect((await appointmentOf(await get('colleague', id))).myParty).toBe('colleague');
  });

  it('is not found when there is none', async () => {
    await expectRefusal(await get('doctor', '0123456789abcdef01234567'), 404, 'not_found');
  });
});

describe('adding a colleague', () => {
  it('is for the own doctor alone', async () => {
    const id = await server.appointment(doctor, patient);
    await expectRefusal(await add('stranger', id, colleague.id), 403, 'forbidden');
    await expectRefusal(await add('patient', id, colleague.id), 403, 'forbidden');
    await add('doctor', id, colleague.id);
    await expectRefusal(await add('colleague', id, stranger.id), 403, 'forbidden');
    expect((await appointmentOf(await get('doctor', id))).colleagues.map((person) => person.id)).toEqual([
      colleague.id,
    ]);
  });

  it('twice changes nothing, nor does adding oneself', async () => {
    const id = await server.appointment(doctor, patient);
    for (const doctorId of [colleague.id, colleague.id, doctor.id]) {
      const { colleagues } = await appointmentOf(await add('doctor', id, doctorId));
      expect(colleagues).toEqual([{ id: colleague.id, name: colleague.name, avatarId: null }]);
    }
  });

  it('twenty times at once adds one', async () => {
    const id = await server.appointment(doctor, patient);
    const answers = await Promise.all(Array.from({ length: 20 }, () => add('doctor', id, colleague.id)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect((await appointmentOf(await get('doctor', id))).colleagues).toHaveLength(1);
  });

  it('takes doctors only', async () => {
    const id = await server.appointment(doctor, patient);
    const staff = await server.person('staff', 'Sam Staff');
    const pending = await server.person('doctor', 'Dr. Pending');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ email: pending.email }, { $set: { status: 'pending' } });
    for (const nobody of [patient.id, staff.id, pending.id, '0123456789abcdef01234567']) {
      await expectRefusal(await add('doctor', id, nobody), 404, 'not_found');
    }
  });

  it('is over when the appointment is', async () => {
    for (const status of ['completed', 'cancelled', 'rescheduled'] as const) {
      const id = await server.appointment(doctor, patient, 0, { status });
      await expectRefusal(await add('doctor', id, colleague.id), 409, 'consultation_closed');
    }
  });

  it('stops at fourteen, also when many are added at once (R14)', async () => {
    const id = await server.appointment(doctor, patient);
    const crowd = await Promise.all(
      Array.from({ length: 16 }, (_none, n) => server.person('doctor', `Dr. Crowd ${n}`)),
    );
    const answers = await Promise.all(crowd.map((person) => add('doctor', id, person.id)));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(2);
    for (const response of refused) await expectRefusal(response, 429, 'limit_exceeded');
    expect((await appointmentOf(await get('doctor', id))).colleagues).toHaveLength(14);
  });
});

describe('removing a colleague', () => {
  it('takes their access away, for the own doctor alone, and may be repeated', async () => {
    const id = await server.appointment(doctor, patient);
    await add('doctor', id, colleague.id);
    for (const who of ['stranger', 'colleague', 'patient'] as const) {
      await expectRefusal(await remove(who, id, colleague.id), 403, 'forbidden');
    }
    expect((await appointmentOf(await remove('doctor', id, colleague.id))).colleagues).toEqual([]);
    expect((await appointmentOf(await remove('doctor', id, colleague.id))).colleagues).toEqual([]);
    await expectRefusal(await get('colleague', id), 403, 'forbidden');
  });
});
