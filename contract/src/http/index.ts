import { bookingEndpoints } from './bookings.ts';
import { holdEndpoints } from './holds.ts';
import { adminAccountEndpoints } from './admin-accounts.ts';
import { appointmentEndpoints } from './appointments.ts';
import { auditEndpoints } from './audit.ts';
import { authEndpoints } from './auth.ts';
import { calendarEndpoints } from './calendar.ts';
import { consultationEndpoints } from './consultations.ts';
import { doctorEndpoints } from './doctors.ts';
import { mediaWebhookEndpoints } from './media-webhooks.ts';
import { notificationEndpoints } from './notifications.ts';
import { patientEndpoints } from './patients.ts';
import { passwordEndpoints } from './password.ts';
import { scheduleEndpoints } from './schedule.ts';
import { secondFactorEndpoints } from './second-factor.ts';
import { sessionEndpoints } from './sessions.ts';
import { invitationEndpoints } from './invitations.ts';
import { outboxEndpoints } from './outbox.ts';
import { profileEndpoints } from './profile.ts';
import { ratingEndpoints } from './ratings.ts';
import { recoveryEndpoints, signUpEndpoints } from './signup.ts';
import { systemEndpoints } from './system.ts';
import { visitNoteEndpoints } from './visit-notes.ts';

/** Every HTTP endpoint of the product, by area. `api` must bind each of them; a test compares. */
export const endpoints = {
  bookings: bookingEndpoints,
  holds: holdEndpoints,
  auth: authEndpoints,
  sessions: sessionEndpoints,
  passwords: passwordEndpoints,
  secondFactor: secondFactorEndpoints,
  appointments: appointmentEndpoints,
  audit: auditEndpoints,
  calendar: calendarEndpoints,
  consultations: consultationEndpoints,
  doctors: doctorEndpoints,
  mediaWebhooks: mediaWebhookEndpoints,
  notifications: notificationEndpoints,
  adminAccounts: adminAccountEndpoints,
  invitations: invitationEndpoints,
  outbox: outboxEndpoints,
  patients: patientEndpoints,
  profile: profileEndpoints,
  schedule: scheduleEndpoints,
  ratings: ratingEndpoints,
  recovery: recoveryEndpoints,
  signUp: signUpEndpoints,
  system: systemEndpoints,
  visitNotes: visitNoteEndpoints,
} as const;

export { adminAccountEndpoints } from './admin-accounts.ts';
export { appointmentEndpoints } from './appointments.ts';
export { auditEndpoints } from './audit.ts';
export { authEndpoints } from './auth.ts';
export { bookingEndpoints, MOST_IN_A_WEEK } from './bookings.ts';
export { calendarEndpoints } from './calendar.ts';
export { consultationEndpoints } from './consultations.ts';
export { doctorEndpoints, doctorSearchSchema, type DoctorSearch } from './doctors.ts';
export { holdEndpoints } from './holds.ts';
export { invitationEndpoints } from './invitations.ts';
export { notificationEndpoints } from './notifications.ts';
export { outboxEndpoints } from './outbox.ts';
export { passwordEndpoints } from './password.ts';
export { patientEndpoints } from './patients.ts';
export { profileEndpoints } from './profile.ts';
export { ratingEndpoints } from './ratings.ts';
export { scheduleEndpoints } from './schedule.ts';
export { secondFactorEndpoints } from './second-factor.ts';
export { sessionEndpoints } from './sessions.ts';
export { recoveryEndpoints, signUpEndpoints } from './signup.ts';
export { systemEndpoints } from './system.ts';
export { visitNoteEndpoints } from './visit-notes.ts';
export * from './account-header.ts';
export * from './endpoint.ts';
export * from './openapi.ts';
export * from './pages.ts';
export { signUpSchema, type SignUp } from './signup.ts';
export { invitationSchema, invitedRoleSchema, type Invitation, type InvitedRole } from './invitations.ts';
export { managedAccountSchema, type ManagedAccount } from './admin-accounts.ts';
export { outboxMailSchema, type OutboxMail } from './outbox.ts';
export { healthSchema, type Health } from './system.ts';
export { iceServerSchema, joinGrantSchema, type IceServer, type JoinGrant } from './consultations.ts';
export {
  AUDIT_ACTIONS,
  AUDIT_RESOURCES,
  auditActionSchema,
  auditEntrySchema,
  auditOutcomeSchema,
  auditResourceSchema,
  recordAccessSchema,
  type AuditAction,
  type AuditEntry,
  type AuditOutcome,
  type AuditResource,
  type RecordAccess,
} from './audit.ts';
export { signInSchema, type SignIn } from './auth.ts';
export { deviceSchema, sessionSchema, type Device, type Session } from './sessions.ts';
export {
  authenticatorSetupSchema,
  oneTimeCodeSchema,
  recoveryCodeSchema,
  type AuthenticatorSetup,
} from './second-factor.ts';
