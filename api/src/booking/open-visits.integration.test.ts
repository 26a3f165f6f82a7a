import { OPEN_VISITS_AT_MOST, OPEN_VISITS_WITH_DOCTOR_AT_MOST, type Appointment } from '@health-connect/contract';
import { describe, expect } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { it as visitTest } from '../testing/visit-test.ts';

const it = visitTest.extend('full', ({ desk, doctor, cookies }) => async (): Promise<Appointment[]> => {
  const made: Appointment[] = [];
  for (let index = 0; index < OPEN_VISITS_WITH_DOCTOR_AT_MOST; index += 1) {
    made.push(await desk.booked(cookies.patient, doctor, desk.slot(3, index)));
  }
  return made;
});

describe('what one patient can have to come', () => {
  it('with one doctor is limited, so that others get a time, too; what ends makes room', async ({ all, full }) => {
    const { desk, doctor, cookies } = all;
    const [first] = await full();
    await expectRefusal(await desk.book(cookies.patient, doctor, desk.slot(3, 9)), 409, 'too_many_open');
    const hold = { doctorId: doctor.id, startsAt: desk.slot(3, 9).startsAt.toISOString() };
    await expectRefusal(await desk.post(cookies.patient, '/api/holds', hold), 409, 'too_many_open');
    expect((await desk.book(cookies.patient, await desk.doctor('Other'), desk.slot(3, 10))).status).toBe(201);
    const called = { version: first?.version, reason: 'Better' };
    expect((await desk.post(cookies.patient, `/api/appointments/${first?.id ?? ''}/cancel`, called)).status).toBe(200);
    expect((await desk.book(cookies.patient, doctor, desk.slot(3, 9))).status).toBe(201);
  });

  it('is limited, too, where many are asked for at the same moment', async ({ desk, doctor, cookies }) => {
    const slots = Array.from({ length: OPEN_VISITS_WITH_DOCTOR_AT_MOST + 4 }, (_item, index) => desk.slot(3, index));
    const answers = await Promise.all(slots.map((slot) => desk.book(cookies.patient, doctor, slot)));
    const made = answers.filter(({ status }) => status === 201);
    expect(made).toHaveLength(OPEN_VISITS_WITH_DOCTOR_AT_MOST);
    for (const answer of answers) if (!made.includes(answer)) await expectRefusal(answer, 409, 'too_many_open');
  });

  it('with all doctors is limited', async ({ server, desk, doctor, patient, cookies }) => {
    for (let index = 0; index < OPEN_VISITS_AT_MOST; index += 1) {
      const other = await desk.doctor('Other');
      await server.appointment(other, patient, 1000 + index * 30);
    }
    await expectRefusal(await desk.book(cookies.patient, doctor, desk.slot(5)), 409, 'too_many_open');
  });

  it('does not count offers of another time, nor keep a doctor from a follow-up', async ({ all, full }) => {
    const { server, desk, doctor, patient, cookies } = all;
    await full();
    const closedAt = new Date(server.clock.now());
    const over = await server.appointment(doctor, patient, -60, { status: 'completed', outcome: 'met', closedAt });
    const { doctorId: _doctorId, ...wanted } = desk.wanted(doctor, desk.slot(4));
    const path = `/api/appointments/${over}/follow-up`;
    expect((await desk.post(cookies.doctor, path, wanted)).status).toBe(201);
  });
});
