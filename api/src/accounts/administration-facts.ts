import type { AuditFacts } from '../audit/audit.facts.ts';
import type { AccountRecord } from './account.repository.ts';

/** Something that an administrator does with somebody's account; a patient sees it in their record. */
export const administrationOf = ({ id, role }: Pick<AccountRecord, 'id' | 'role'>, detail: string): AuditFacts => ({
  action: 'administration',
  resource: 'account',
  resourceId: id,
  ...(role === 'patient' ? { patientId: id } : {}),
  detail,
});
