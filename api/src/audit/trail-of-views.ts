/** Who looks in the test, and what they leave in the trail: `action:resource` of the entry. */
export interface AuditedView {
  readonly as: 'patient' | 'doctor' | 'administrator';
  readonly leaves: string;
  /** Nobody's appointment is named in the test's answer. */
  readonly ofNobody?: true;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A sentence says why nothing is left: it shows nothing of anybody else. */
export type TrailRow = AuditedView | string;

const OPEN = 'Shows what every visitor may see.';
const OWN = 'Shows what belongs to who asks, and nothing of their health or of others.';
const noHours = {
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 90,
  confirmation: 'manual',
} as const;

/**
 * What each route that only reads leaves in the audit trail (P2). A test asks each of them, looks for the entry, and asks
 * again while no entry can be written: then nothing is shown.
 *
 * ADD A ROW WITH EACH NEW ROUTE THAT READS: a `GET` without one fails; a `POST` that only reads is added by hand.
 */
export const TRAIL_OF_VIEWS: Readonly<Record<string, TrailRow>> = {
  'GET /api/openapi.json': OPEN,
  'GET /api/clinic': OPEN,
  'GET /api/doctors': OPEN,
  'GET /api/doctors/facets': OPEN,
  'GET /api/doctors/:doctorId': OPEN,
  'GET /api/doctors/:doctorId/slots': OPEN,
  'GET /api/doctors/:doctorId/reviews': OPEN,
  'GET /api/doctors/:doctorId/pictures/:avatarId': OPEN,

  'GET /api/auth/me': OWN,
  'GET /api/auth/second-factor': OWN,
  'GET /api/auth/sessions': OWN,
  'GET /api/holds': OWN,
  'GET /api/notifications/settings': OWN,
  'GET /api/schedule': OWN,

  'GET /api/appointments/doctor': { as: 'doctor', leaves: 'view:appointments' },
  'GET /api/appointments/patient': { as: 'patient', leaves: 'view:appointments' },
  'GET /api/appointments/day': { as: 'doctor', leaves: 'view:appointments' },
  'GET /api/appointments/:appointmentId': { as: 'doctor', leaves: 'view:appointment' },
  'GET /api/appointments/:appointmentId/events': { as: 'doctor', leaves: 'view:appointment' },
  'GET /api/appointments/:appointmentId/calendar': { as: 'patient', leaves: 'download:appointment' },
  'GET /api/appointments/:appointmentId/note': { as: 'doctor', leaves: 'view:note' },
  'GET /api/notes/unsigned': { as: 'doctor', leaves: 'view:appointments' },
  'GET /api/patients': { as: 'doctor', leaves: 'view:appointments' },
  'GET /api/patients/:patientId': { as: 'doctor', leaves: 'view:record' },
  'GET /api/patients/:patientId/history': { as: 'doctor', leaves: 'view:record' },
  'GET /api/notifications': { as: 'doctor', leaves: 'view:notifications' },
  'POST /api/schedule/preview': { as: 'doctor', leaves: 'view:schedule', body: { schedule: noHours }, ofNobody: true },
  'GET /api/profile': { as: 'patient', leaves: 'view:profile' },
  'GET /api/avatars/:avatarId': { as: 'doctor', leaves: 'view:profile' },
  'GET /api/records/access': { as: 'patient', leaves: 'view:access-log' },

  'GET /api/admin/audit': { as: 'administrator', leaves: 'administration:audit' },
  'GET /api/admin/outbox': { as: 'administrator', leaves: 'view:mail' },
  'GET /api/admin/invitations': { as: 'administrator', leaves: 'administration:account' },
  'GET /api/admin/accounts/:accountId/sessions': { as: 'administrator', leaves: 'administration:account' },
  'POST /api/admin/accounts/search': { as: 'administrator', leaves: 'administration:account', body: {} },
};
