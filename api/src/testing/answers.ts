import {
  accountSchema,
  appointmentSchema,
  errorBodySchema,
  type Appointment,
  type AppointmentChange,
  type ErrorCode,
} from '@health-connect/contract';
import { expect } from 'vitest';
import { z } from 'zod';

/** Expects a refusal in the one error shape, with the request id of the header. */
export async function expectRefusal(response: Response, status: number, code: ErrorCode): Promise<void> {
  const text = await response.text();
  expect(`${response.status} ${text}`).toMatch(new RegExp(`^${status} \\{"error":\\{"code":"${code}"`));
  const { error } = errorBodySchema.parse(JSON.parse(text));
  expect(error.code).toBe(code);
  expect(error.requestId).toBe(response.headers.get('x-request-id'));
}

/** Expects that a change of an appointment is refused, with those that are allowed instead. */
export async function expectNotAllowed(response: Response, allowed: readonly AppointmentChange[]): Promise<void> {
  expect(response.status).toBe(409);
  const { error } = errorBodySchema.parse(await response.json());
  expect(error).toMatchObject({ code: 'change_not_allowed', allowed });
}

export async function appointmentOf(response: Response): Promise<Appointment> {
  expect(response.status).toBe(200);
  return z.strictObject({ appointment: appointmentSchema }).parse(await response.json()).appointment;
}

export async function appointmentsOf(response: Response): Promise<Appointment[]> {
  expect(response.status).toBe(200);
  return z.strictObject({ appointments: z.array(appointmentSchema) }).parse(await response.json()).appointments;
}

/** The account of a sign-in that needed no second step. */
export async function signedInAccountOf(response: Response) {
  expect(response.status).toBe(200);
  const schema = z.strictObject({ status: z.literal('signed-in'), account: accountSchema.strict() });
  return schema.parse(await response.json()).account;
}

export async function accountOf(response: Response) {
  expect(response.status).toBe(200);
  return z.strictObject({ account: accountSchema.strict() }).parse(await response.json()).account;
}
