import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AuditLogService } from './audit-log.service.ts';

const instant = (text: string | undefined): Date | undefined => (text === undefined ? undefined : new Date(text));

/** Who opened my record, and the trail for administrators. */
export function auditRoutes(log: AuditLogService): Binding[] {
  return [
    bind(endpoints.audit.recordAccess, ({ actor, query }) => log.recordAccess(actor, query)),
    bind(endpoints.audit.search, ({ actor, query }) => {
      const { from, to, before, limit, ...exact } = query;
      const filter = { ...exact, from: instant(from), to: instant(to) };
      return log.search(actor, filter, { before, limit });
    }),
  ];
}
