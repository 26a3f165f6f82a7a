import type { EndpointIds } from './access-probe.ts';

/**
 * Who gets through, for every mounted route and every socket request. A test calls each of them as everybody, with ids
 * of their own and of others, and compares: a route without a row fails, and so does a row without a route.
 *
 * ADD A ROW WITH EACH NEW ROUTE. `own` lists who gets through with ids that belong to them (their appointment, session,
 * account); `other` who gets through with somebody else's. Whoever is not listed must be told `unauthenticated`,
 * `forbidden`, `account_pending`, `not_found` or `hold_ended`; any other answer counts as having got through. A route that takes a
 * body or must have a query needs one that is valid, else the test says so.
 */
export type Caller = 'visitor' | 'patient' | 'doctor' | 'colleague' | 'pending' | 'staff' | 'administrator';

export interface Row {
  readonly own: readonly Caller[];
  readonly other: readonly Caller[];
  readonly body?: (ids: EndpointIds) => Record<string, unknown>;
  readonly query?: () => Record<string, string>;
}

/** `public`: open to anybody by its nature (access `public` or `visitor`); `media-node`: to nobody but media nodes. */
export type AccessRow = 'public' | 'media-node' | Row;

const nobody = [] as const;
const parties = ['patient', 'doctor', 'colleague'] as const;
const signedIn = ['patient', 'doctor', 'colleague', 'pending', 'staff', 'administrator'] as const;
/** Without ids, there is nothing of others to ask for. */
const only = (...callers: readonly Caller[]): Row => ({ own: callers, other: callers });

/** A time that no doctor of the walk offers: who may ask for one is told so. */
const time = { date: '2030-01-07', startTime: '09:00', endTime: '09:20' } as const;
const wanted = {
  ...time,
  mode: 'video',
  reason: 'Test',
  idempotencyKey: '01234567-89ab-4def-8123-456789abcdef',
} as const;

const noteContent = { subjective: 'Test', objective: '', assessment: '', plan: '', text: '' };
/** A schedule without any hours. */
const noHours = {
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
} as const;

export const ACCESS_TABLE: Readonly<Record<string, AccessRow>> = {
  'GET /api/openapi.json': 'public',
  'GET /api/clinic': 'public',
  'POST /api/media/webhooks': 'media-node',

  'POST /api/auth/login': 'public',
  'POST /api/auth/refresh': 'public',
  'POST /api/auth/logout': 'public',
  'GET /api/auth/me': only(...signedIn),
  'POST /api/auth/signup': 'public',
  'POST /api/auth/email/confirm': 'public',
  'POST /api/auth/email/resend': 'public',
  'POST /api/auth/password/forgot': 'public',
  'POST /api/auth/password/reset': 'public',
  'POST /api/auth/password/change': {
    ...only(...signedIn),
    body: () => ({ currentPassword: 'not the current one', newPassword: 'a new and rather long one' }),
  },
  'POST /api/auth/invitations/show': 'public',
  'POST /api/auth/invitations/accept': 'public',
  'POST /api/auth/second-factor': 'public',
  'POST /api/auth/second-factor/enrolment': 'public',
  'POST /api/auth/second-factor/enrolment/confirm': 'public',
  'GET /api/auth/second-factor': only(...signedIn),
  'POST /api/auth/second-factor/setup': { ...only(...signedIn), body: () => ({ password: 'not the right one' }) },
  'POST /api/auth/second-factor/confirm': { ...only(...signedIn), body: () => ({ code: '123456' }) },
  'POST /api/auth/second-factor/disable': {
    ...only(...signedIn),
    body: () => ({ password: 'not the right one', code: '123456' }),
  },
  'POST /api/auth/second-factor/recovery-codes': {
    ...only(...signedIn),
    body: () => ({ password: 'not the right one', code: '123456' }),
  },
  'GET /api/auth/sessions': only(...signedIn),
  'DELETE /api/auth/sessions/:sessionId': { own: signedIn, other: nobody },
  'POST /api/auth/sessions/end-others': only(...signedIn),

  'GET /api/appointments/doctor': only('doctor', 'colleague'),
  'GET /api/appointments/patient': only('patient'),
  'GET /api/appointments/:appointmentId': { own: parties, other: nobody },
  'POST /api/appointments/:appointmentId/colleagues': {
    own: ['doctor'],
    other: nobody,
    body: ({ doctorId }) => ({ doctorId }),
  },
  'DELETE /api/appointments/:appointmentId/colleagues/:doctorId': { own: ['doctor'], other: nobody },
  'GET /api/appointments/day': only('doctor', 'colleague'),
  'POST /api/appointments': { ...only('patient'), body: ({ doctorId }) => ({ doctorId, ...wanted }) },
  'POST /api/appointments/:appointmentId/follow-up': { own: ['doctor'], other: nobody, body: () => wanted },
  'POST /api/appointments/:appointmentId/proposals': {
    own: ['patient', 'doctor'],
    other: nobody,
    body: () => ({ ...time, comment: '', version: 0, idempotencyKey: wanted.idempotencyKey }),
  },
  'POST /api/appointments/:appointmentId/confirm': {
    own: ['patient', 'doctor'],
    other: nobody,
    body: () => ({ version: 0, comment: '' }),
  },
  'POST /api/appointments/:appointmentId/decline': {
    own: ['patient', 'doctor'],
    other: nobody,
    body: () => ({ version: 0, reason: 'Test' }),
  },
  'POST /api/appointments/:appointmentId/cancel': {
    own: ['patient', 'doctor'],
    other: nobody,
    body: () => ({ version: 0, reason: 'Test' }),
  },
  'POST /api/appointments/:appointmentId/miss': { own: ['doctor'], other: nobody, body: () => ({ version: 0 }) },
  'GET /api/appointments/:appointmentId/patient-busy': {
    own: ['doctor'],
    other: nobody,
    query: () => ({ for: 'move', from: '2030-01-07', timeZone: 'Europe/Berlin' }),
  },
  'GET /api/appointments/:appointmentId/events': { own: parties, other: nobody },
  'GET /api/holds': only('patient', 'doctor', 'colleague'),
  'POST /api/holds': {
    ...only('patient'),
    body: ({ doctorId }) => ({ doctorId, startsAt: '2030-01-07T08:00:00.000Z' }),
  },
  'POST /api/appointments/:appointmentId/holds': {
    own: ['patient', 'doctor'],
    other: nobody,
    body: () => ({ for: 'move', startsAt: '2030-01-07T08:00:00.000Z' }),
  },
  'POST /api/holds/:holdId/extend': { own: ['patient'], other: nobody },
  // Giving back what is not one's own is answered like giving back twice, and does nothing: the test looks.
  'DELETE /api/holds/:holdId': { own: ['patient'], other: nobody },
  'GET /api/appointments/:appointmentId/calendar': { own: ['patient', 'doctor'], other: nobody },

  'GET /api/patients': only('doctor', 'colleague'),
  'GET /api/patients/:patientId': { own: ['doctor', 'colleague'], other: nobody },
  'GET /api/patients/:patientId/history': { own: parties, other: nobody },
  // Others read a note once it is signed: tested on its own.
  'GET /api/appointments/:appointmentId/note': { own: ['doctor'], other: nobody },
  'PUT /api/appointments/:appointmentId/note': {
    own: ['doctor'],
    other: nobody,
    body: () => ({ content: noteContent, shared: true, version: 0 }),
  },
  'POST /api/appointments/:appointmentId/note/sign': {
    own: ['doctor'],
    other: nobody,
    body: () => ({ version: 1, shared: true }),
  },
  'POST /api/appointments/:appointmentId/note/amendments': {
    own: ['doctor'],
    other: nobody,
    body: () => ({ text: 'Test', idempotencyKey: wanted.idempotencyKey }),
  },
  'PUT /api/appointments/:appointmentId/note/shared': {
    own: ['doctor'],
    other: nobody,
    body: () => ({ shared: true }),
  },
  'GET /api/notes/unsigned': only('doctor', 'colleague'),
  'PUT /api/appointments/:appointmentId/rating': {
    own: ['patient'],
    other: nobody,
    body: () => ({ rating: 4, review: 'Test' }),
  },

  'GET /api/notifications': only(...parties),
  'POST /api/notifications/read': { ...only(...parties), body: ({ appointmentId }) => ({ upTo: appointmentId }) },
  'GET /api/notifications/settings': only(...parties),
  'PUT /api/notifications/settings': {
    ...only(...parties),
    body: () => ({ reminders: ['reminder-day'], reminderMails: false }),
  },

  // The directory is open to visitors, as a list of doctors at the door is.
  'GET /api/doctors': 'public',
  'GET /api/doctors/facets': 'public',
  'GET /api/doctors/:doctorId': 'public',
  'GET /api/doctors/:doctorId/slots': 'public',
  'GET /api/doctors/:doctorId/reviews': 'public',
  'GET /api/doctors/:doctorId/pictures/:avatarId': 'public',

  // Whoever waits for approval fills in their hours already.
  'GET /api/schedule': only('doctor', 'colleague', 'pending'),
  'POST /api/schedule/preview': { ...only('doctor', 'colleague', 'pending'), body: () => ({ schedule: noHours }) },
  'PUT /api/schedule': {
    ...only('doctor', 'colleague', 'pending'),
    body: () => ({ schedule: noHours, version: 99, keep: [] }),
  },

  'POST /api/consultations/:consultationId/join': { own: parties, other: nobody },
  'POST /api/consultations/:consultationId/close': { own: ['doctor'], other: nobody },

  'GET /api/records/access': only('patient'),
  'GET /api/admin/audit': only('administrator'),
  'GET /api/admin/outbox': only('administrator'),
  'POST /api/admin/accounts/search': { ...only('administrator'), body: () => ({}) },
  'POST /api/admin/accounts/:accountId/approve': only('administrator'),
  'POST /api/admin/accounts/:accountId/disable': only('administrator'),
  'POST /api/admin/accounts/:accountId/enable': only('administrator'),
  'POST /api/admin/accounts/:accountId/role': { ...only('administrator'), body: () => ({ role: 'staff' }) },
  'POST /api/admin/accounts/:accountId/second-factor/reset': only('administrator'),
  'GET /api/admin/accounts/:accountId/sessions': only('administrator'),
  'DELETE /api/admin/accounts/:accountId/sessions/:sessionId': { own: ['administrator'], other: nobody },
  'POST /api/admin/accounts/:accountId/sessions/end': only('administrator'),
  'GET /api/admin/invitations': only('administrator'),
  'POST /api/admin/invitations': {
    ...only('administrator'),
    body: ({ appointmentId }) => ({ role: 'staff', email: `${appointmentId}@test.example` }),
  },
  'DELETE /api/admin/invitations/:invitationId': only('administrator'),

  'GET /api/profile': only(...signedIn),
  'PUT /api/profile': { ...only(...signedIn), body: ({ role }) => ({ change: { role } }) },
  'PUT /api/profile/time-zone': { ...only(...signedIn), body: () => ({ timeZone: 'Europe/Berlin' }) },
  'PUT /api/profile/avatar': only(...signedIn),
  'DELETE /api/profile/avatar': only(...signedIn),
  // The picture of the patient, own or strange.
  'GET /api/avatars/:avatarId': { own: ['patient', 'doctor', 'colleague', 'staff'], other: ['staff'] },

  // As the pages that show slots: it says that a time is taken, never by whom.
  'socket slots.watch': 'public',
  'socket slots.unwatch': 'public',
  'socket consultation.watch': { own: parties, other: nobody, body: ({ consultationId }) => ({ consultationId }) },
  'socket consultation.unwatch': {
    own: parties,
    other: parties,
    body: ({ consultationId }) => ({ consultationId }),
  },
};
