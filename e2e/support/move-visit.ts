import { randomUUID } from 'node:crypto';
import { appointmentSchema, doctorEndpoints } from '@health-connect/contract';
import { z } from 'zod';
import type { Person } from './person.ts';

const DAY_MS = 24 * 60 * 60_000;
const oneSchema = z.object({ appointment: appointmentSchema });

/**
 * Moves an appointment, as two other windows would: the doctor offers a free time three days from now or later, the patient
 * takes it.
 * @returns the id of the new appointment
 */
export async function moveVisit(doctor: Person, patient: Person, id: string): Promise<string> {
  const one = async (person: Person, method: string, path: string, body?: unknown) =>
    oneSchema.parse((await person.request(method, path, body)).body).appointment;
  const before = await one(doctor, 'GET', `/api/appointments/${id}`);
  const from = new Date(Date.now() + 3 * DAY_MS).toISOString().slice(0, 10);
  const week = await doctor.request('GET', `/api/doctors/${before.doctor.id}/slots?from=${from}&days=7&timeZone=UTC`);
  const slots = doctorEndpoints.slots.response.parse(week.body).days.flatMap((day) => day.slots);
  const free = slots.find(({ state, modes }) => state === 'free' && modes.includes(before.mode));
  const { date, startTime, endTime, startsAt } = free ?? {};
  const wanted = { date, startTime, endTime, startsAt, comment: '', version: before.version };
  const proposal = await one(doctor, 'POST', `/api/appointments/${id}/proposals`, {
    ...wanted,
    idempotencyKey: randomUUID(),
  });
  const answer = { version: proposal.version, comment: '' };
  await one(patient, 'POST', `/api/appointments/${proposal.id}/confirm`, answer);
  return proposal.id;
}
