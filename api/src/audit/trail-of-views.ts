/** Who looks in the test, and what they leave in the trail: `action:resource` of the entry. */
export interface AuditedView {
  readonly as: 'patient' | 'doctor' | 'administrator';
  readonly leaves: string;
  /** Nobody's appointment is named in the test's answer. */
  readonly ofNobody?: true;
  readonly body?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string>>;
}

/** How the path of a `POST` that only reads ends: what it asks for is in its body, and in no address. */
const READING_POST = /\/(?:search|preview|show)$/;

/** Whether a route only reads, by its name `METHOD path`: each `GET`, and a `POST` that is called so. */
export const isNamedAsReading = (name: string): boolean =>
  name.startsWith('GET ') || (name.startsWith('POST ') && READING_POST.test(name));

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
 * ADD A ROW WITH EACH NEW ROUTE THAT READS: one that is named like one (`isNamedAsReading`) fails without. Name a `POST`
 * that only reads so.
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

  'POST /api/auth/invitations/show': 'Shows an invitation to who has its secret link: the role, and their own address.',

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
  'GET /api/appointments/:appointmentId/patient-busy': {
    as: 'doctor',
    leaves: 'view:appointments',
    query: { for: 'move', from: '2030-01-07', timeZone: 'Europe/Berlin' },
  },
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
