import { z } from 'zod';
import { access } from '../access.ts';
import { roleSchema } from '../account.ts';
import { documentIdSchema, instantSchema } from '../ids.ts';
import { defineEndpoint } from './endpoint.ts';

/** What can have been done (R35). `failure` is an attempt that was refused. */
export const AUDIT_ACTIONS = [
  'sign-in',
  'sign-out',
  'failure',
  'view',
  'create',
  'change',
  'admit',
  'remove',
  'download',
  'administration',
] as const;
export const auditActionSchema = z.enum(AUDIT_ACTIONS);
export type AuditAction = z.infer<typeof auditActionSchema>;

/** To what it was done. */
export const AUDIT_RESOURCES = [
  'session',
  'account',
  'profile',
  'appointment',
  'appointments',
  'consultation',
  'record',
  'note',
  'rating',
  'schedule',
  'notifications',
  'notification-settings',
  'access-log',
  'audit',
  'mail',
  'route',
] as const;
export const auditResourceSchema = z.enum(AUDIT_RESOURCES);
export type AuditResource = z.infer<typeof auditResourceSchema>;

export const auditOutcomeSchema = z.enum(['ok', 'refused', 'failed']);
export type AuditOutcome = z.infer<typeof auditOutcomeSchema>;

/** Where the next page begins; comes from the answer before. */
const cursorSchema = z.string().regex(/^\d{1,15}-[0-9a-f]{24}$/);

/** One line of "who opened my record", for the patient whose record it is. */
export const recordAccessSchema = z.object({
  id: documentIdSchema,
  at: instantSchema,
  /** Name at the time of asking; empty for an account that is gone, and for what nobody did. */
  who: z.string().max(120),
  /** The product did it by itself, such as calling off what nobody answered. */
  bySystem: z.boolean(),
  role: roleSchema.nullable(),
  action: auditActionSchema,
  resource: auditResourceSchema,
  outcome: auditOutcomeSchema,
  /** Why they may: the appointment that connects them with the patient. */
  appointmentId: documentIdSchema.nullable(),
});
export type RecordAccess = z.infer<typeof recordAccessSchema>;

/** One audit entry as administrators see it. */
export const auditEntrySchema = z.object({
  id: documentIdSchema,
  at: instantSchema,
  accountId: documentIdSchema.nullable(),
  /** Name at the time of asking; empty for a visitor and for an account that is gone. */
  who: z.string().max(120),
  role: roleSchema.nullable(),
  sessionId: z.string().max(64).nullable(),
  network: z.string().max(64).nullable(),
  action: auditActionSchema,
  resource: auditResourceSchema,
  resourceId: z.string().max(64).nullable(),
  patientId: documentIdSchema.nullable(),
  outcome: auditOutcomeSchema,
  detail: z.string().max(120).nullable(),
  requestId: z.string().max(64).nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

const page = z.coerce.number().pipe(z.int().min(1).max(100)).default(50);

export const auditEndpoints = {
  recordAccess: defineEndpoint({
    method: 'GET',
    path: '/api/records/access',
    summary: 'Who opened the record of the signed-in patient, newest first',
    access: access.roles('patient'),
    query: z.strictObject({ before: cursorSchema.optional(), limit: page }),
    response: z.object({ entries: z.array(recordAccessSchema).max(100), next: cursorSchema.nullable() }),
    status: 200,
    errors: [],
  }),
  search: defineEndpoint({
    method: 'GET',
    path: '/api/admin/audit',
    summary: 'Search the audit trail, newest first; the search itself is audited',
    access: access.roles('administrator'),
    query: z.strictObject({
      accountId: documentIdSchema.optional(),
      patientId: documentIdSchema.optional(),
      action: auditActionSchema.optional(),
      outcome: auditOutcomeSchema.optional(),
      /** As answers and log lines carry it: what one request left behind. */
      requestId: z.uuid().optional(),
      from: instantSchema.optional(),
      to: instantSchema.optional(),
      before: cursorSchema.optional(),
      limit: page,
    }),
    response: z.object({ entries: z.array(auditEntrySchema).max(100), next: cursorSchema.nullable() }),
    status: 200,
    errors: [],
  }),
} as const;
