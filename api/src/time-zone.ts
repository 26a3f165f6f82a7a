import { timeZoneSchema } from '@health-connect/contract';

/**
 * A zone as it was stored, if dates can be reckoned in it. Others may be there: of a version that took more names, or of
 * a backup. What is read must not fail for them.
 */
export function knownZone(name: string | null | undefined): string | undefined {
  return timeZoneSchema.safeParse(name).data;
}
