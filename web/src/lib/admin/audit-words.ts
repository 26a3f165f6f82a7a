import type { AuditAction, AuditEntry, AuditOutcome, AuditResource } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

/** A right password that still needs its second step: somebody who has only stolen it comes no further. */
const PENDING = new Set(['second_factor_pending', 'second_factor_set_up_pending']);

/** What an entry says was done, in words. */
export function entryWords({ action, detail }: Pick<AuditEntry, 'action' | 'detail'>): string {
  return detail !== null && PENDING.has(detail) ? m['audit.signInPending']() : actionWords(action);
}

/** What was done, in words. */
export function actionWords(action: AuditAction): string {
  switch (action) {
    case 'sign-in':
      return m['audit.signIn']();
    case 'sign-out':
      return m['audit.signOut']();
    case 'failure':
      return m['audit.failure']();
    case 'view':
      return m['audit.view']();
    case 'create':
      return m['audit.create']();
    case 'change':
      return m['audit.change']();
    case 'admit':
      return m['audit.admit']();
    case 'remove':
      return m['audit.remove']();
    case 'download':
      return m['audit.download']();
    case 'administration':
      return m['audit.administration']();
  }
}

/** To what it was done, in words. */
export function resourceWords(resource: AuditResource): string {
  switch (resource) {
    case 'session':
      return m['audit.session']();
    case 'account':
      return m['audit.account']();
    case 'profile':
      return m['audit.profile']();
    case 'appointment':
      return m['audit.appointment']();
    case 'appointments':
      return m['audit.appointments']();
    case 'consultation':
      return m['audit.consultation']();
    case 'record':
      return m['audit.record']();
    case 'note':
      return m['audit.note']();
    case 'rating':
      return m['audit.rating']();
    case 'schedule':
      return m['audit.schedule']();
    case 'notifications':
      return m['audit.notifications']();
    case 'notification-settings':
      return m['audit.reminders']();
    case 'access-log':
      return m['audit.accessLog']();
    case 'audit':
      return m['audit.trail']();
    case 'mail':
      return m['audit.mail']();
    case 'route':
      return m['audit.route']();
  }
}

/** How it ended, in words. */
export function outcomeWords(outcome: AuditOutcome): string {
  switch (outcome) {
    case 'ok':
      return m['audit.ok']();
    case 'refused':
      return m['audit.refused']();
    case 'failed':
      return m['audit.failed']();
  }
}
