import { documentIdSchema, type AuditResource } from '@health-connect/contract';
import { z } from 'zod';
import { AccessRefusal, type Refused } from '../policy/refusal.ts';
import type { AuditFacts } from './audit.facts.ts';

/** What the ids of routes and socket requests name. */
const RESOURCES: Readonly<Record<string, AuditResource>> = {
  appointmentId: 'appointment',
  consultationId: 'consultation',
  patientId: 'record',
  avatarId: 'profile',
  accountId: 'account',
  sessionId: 'session',
};
const MAX_DETAIL_LENGTH = 120;

const idSchema = z.union([documentIdSchema, z.uuid()]);
const paramsSchema = z.record(z.string(), z.unknown());

/** Only what has the form of an id: the parameters of a refused request are not checked yet and may hold anything. */
function idsOf(params: unknown): (readonly [name: string, id: string])[] {
  const parsed = paramsSchema.safeParse(params);
  return Object.entries(parsed.data ?? {}).flatMap(([name, value]) => {
    const id = idSchema.safeParse(value);
    return name.endsWith('Id') && id.success ? [[name, id.data] as const] : [];
  });
}

/**
 * The entry of a refusal: the first id is what was tried, further ones stand in the path. Whose record it is says the
 * rule that refused, which had the resource before it, or else the id of a patient.
 */
export function refusalFacts({ what, params, error }: Refused): AuditFacts {
  const [first, ...others] = idsOf(params);
  const tried = others.reduce((path, [name, id]) => path.replace(`:${name}`, id), what);
  const named = first?.[0] === 'patientId' ? documentIdSchema.safeParse(first[1]).data : undefined;
  const patientId = (error instanceof AccessRefusal ? error.patientId : undefined) ?? named;
  return {
    action: 'failure',
    resource: (first === undefined ? undefined : RESOURCES[first[0]]) ?? 'route',
    outcome: 'refused',
    detail: `${error.code}: ${tried}`.slice(0, MAX_DETAIL_LENGTH),
    ...(first === undefined ? {} : { resourceId: first[1] }),
    ...(patientId === undefined ? {} : { patientId }),
  };
}
