import type { Endpoint, ErrorCode } from '@health-connect/contract';
import { PASSWORD, type Person, type TestServer } from './test-server.ts';

/** Whose bodies they are. */
export interface BodyFacts {
  readonly server: TestServer;
  readonly doctor: Person;
  readonly appointmentId: string;
}

/** Method and path, as tables name an endpoint. */
export const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

const NO_TICKET = 'x'.repeat(43);

/** What needs more than a good body and the right account, and how it is refused without; tested on its own. */
export const REFUSED_ALL_THE_SAME: Readonly<Record<string, readonly ErrorCode[]>> = {
  'POST /api/auth/refresh': ['unauthenticated'],
  'POST /api/auth/second-factor': ['ticket_invalid'],
  'POST /api/auth/second-factor/enrolment': ['ticket_invalid'],
  'POST /api/auth/second-factor/enrolment/confirm': ['ticket_invalid'],
  'POST /api/auth/second-factor/confirm': ['conflict', 'second_factor_wrong'],
  'POST /api/auth/second-factor/disable': ['conflict'],
  'POST /api/auth/second-factor/recovery-codes': ['conflict'],
  'POST /api/auth/email/confirm': ['link_expired'],
  'POST /api/auth/password/reset': ['link_expired'],
  'POST /api/auth/invitations/show': ['link_expired'],
  'POST /api/auth/invitations/accept': ['link_expired'],
  'POST /api/appointments': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/follow-up': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/proposals': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/confirm': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/decline': ['change_not_allowed'],
  'POST /api/appointments/:appointmentId/cancel': ['version_conflict'],
  'POST /api/appointments/:appointmentId/miss': ['version_conflict'],
  'PUT /api/schedule': ['version_conflict'],
  'POST /api/holds': ['slot_unknown'],
  'POST /api/appointments/:appointmentId/holds': ['slot_unknown'],
  'POST /api/holds/:holdId/extend': ['hold_ended'],
  'PUT /api/appointments/:appointmentId/rating': ['rating_closed'],
  'POST /api/appointments/:appointmentId/note/sign': ['note_conflict'],
  'POST /api/appointments/:appointmentId/note/amendments': ['note_unsigned'],
  'PUT /api/appointments/:appointmentId/note/shared': ['note_unsigned'],
};

/** A time that the doctor does not offer. */
const WANTED_TIME = { date: '2030-01-07', startTime: '09:00', endTime: '09:20' };
const WANTED = {
  ...WANTED_TIME,
  mode: 'video',
  reason: 'Test',
  idempotencyKey: '01234567-89ab-4def-8123-456789abcdef',
};

const NO_HOURS = {
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
};

/** A body that is accepted, for each endpoint that takes one. A new endpoint needs a line here. */
export function goodBody(endpoint: Endpoint, { server, doctor, appointmentId }: BodyFacts): Record<string, unknown> {
  const bodies: Record<string, () => Record<string, unknown>> = {
    'POST /api/auth/login': () => ({ email: doctor.email, password: PASSWORD }),
    'POST /api/auth/password/change': () => ({ currentPassword: PASSWORD, newPassword: PASSWORD }),
    'POST /api/auth/second-factor': () => ({ ticket: NO_TICKET, code: '123456' }),
    'POST /api/auth/second-factor/enrolment': () => ({ ticket: NO_TICKET }),
    'POST /api/auth/second-factor/enrolment/confirm': () => ({ ticket: NO_TICKET, code: '123456' }),
    'POST /api/auth/second-factor/setup': () => ({ password: PASSWORD }),
    'POST /api/auth/second-factor/confirm': () => ({ code: '123456' }),
    'POST /api/auth/second-factor/disable': () => ({ password: PASSWORD, code: '123456' }),
    'POST /api/auth/second-factor/recovery-codes': () => ({ password: PASSWORD, code: '123456' }),
    'POST /api/appointments/:appointmentId/colleagues': () => ({ doctorId: doctor.id }),
    'POST /api/appointments': () => ({ doctorId: doctor.id, ...WANTED }),
    'POST /api/appointments/:appointmentId/follow-up': () => WANTED,
    'POST /api/appointments/:appointmentId/proposals': () => ({
      ...WANTED_TIME,
      comment: '',
      version: 0,
      idempotencyKey: WANTED.idempotencyKey,
    }),
    'POST /api/appointments/:appointmentId/confirm': () => ({ version: 0, comment: '' }),
    'POST /api/appointments/:appointmentId/decline': () => ({ version: 0, reason: 'Test' }),
    'POST /api/appointments/:appointmentId/cancel': () => ({ version: 99, reason: 'Test' }),
    'POST /api/appointments/:appointmentId/miss': () => ({ version: 99 }),
    'POST /api/appointments/:appointmentId/holds': () => ({ for: 'move', startsAt: '2030-01-07T08:00:00.000Z' }),
    'POST /api/holds': () => ({ doctorId: doctor.id, startsAt: '2030-01-07T08:00:00.000Z' }),
    'PUT /api/appointments/:appointmentId/note': () => ({
      content: { subjective: 'Test', objective: '', assessment: '', plan: '', text: '' },
      shared: true,
      version: 0,
    }),
    'POST /api/appointments/:appointmentId/note/sign': () => ({ version: 99, shared: true }),
    'POST /api/appointments/:appointmentId/note/amendments': () => ({
      text: 'Test',
      idempotencyKey: WANTED.idempotencyKey,
    }),
    'PUT /api/appointments/:appointmentId/note/shared': () => ({ shared: true }),
    'POST /api/schedule/preview': () => ({ schedule: NO_HOURS }),
    'PUT /api/schedule': () => ({ schedule: NO_HOURS, version: 99, keep: [] }),
    'PUT /api/appointments/:appointmentId/rating': () => ({ rating: 4, review: 'Test' }),
    'POST /api/notifications/read': () => ({ upTo: appointmentId }),
    'PUT /api/notifications/settings': () => ({ reminders: ['reminder-hour'], reminderMails: true }),
    'POST /api/auth/signup': () => ({
      role: 'patient',
      name: 'New Patient',
      email: 'new@test.example',
      password: PASSWORD,
      dateOfBirth: '1990-01-31',
    }),
    'POST /api/auth/email/confirm': () => ({ token: NO_TICKET, password: PASSWORD }),
    'POST /api/auth/email/resend': () => ({ email: 'new@test.example' }),
    'POST /api/auth/password/forgot': () => ({ email: 'new@test.example' }),
    'POST /api/auth/password/reset': () => ({ token: NO_TICKET, password: PASSWORD }),
    'POST /api/auth/invitations/show': () => ({ token: NO_TICKET }),
    'POST /api/auth/invitations/accept': () => ({ token: NO_TICKET, name: 'New Colleague', password: PASSWORD }),
    'POST /api/admin/invitations': () => ({ role: 'staff', email: 'colleague@test.example' }),
    'POST /api/admin/accounts/search': () => ({}),
    'POST /api/admin/accounts/:accountId/role': () => ({ role: 'staff' }),
    'PUT /api/profile': () => ({ change: { role: 'doctor' } }),
    'PUT /api/profile/time-zone': () => ({ timeZone: 'Europe/Berlin' }),
    'POST /api/media/webhooks': () => ({ ...server.node.delivery(server.node.heartbeat()) }),
  };
  const make = bodies[nameOf(endpoint)];
  if (make === undefined) throw new Error(`Say what a good body of ${nameOf(endpoint)} is`);
  return make();
}
