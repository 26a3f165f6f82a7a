import type { AuditResource, RecordAccess } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';

function actorWords({ who, bySystem }: RecordAccess): string {
  if (bySystem) return m['access.system']();
  return who === '' ? m['access.gone']() : who;
}

/** What of the patient's it was, as the sentence needs it. */
function partWords(resource: AuditResource): string {
  switch (resource) {
    case 'session':
    case 'account':
      return m['access.account']();
    case 'profile':
      return m['access.profile']();
    case 'appointment':
      return m['access.appointment']();
    case 'appointments':
      return m['access.appointments']();
    case 'consultation':
      return m['access.call']();
    case 'record':
    case 'access-log':
      return m['access.record']();
    case 'note':
      return m['access.note']();
    case 'rating':
      return m['access.rating']();
    case 'schedule':
    case 'notifications':
    case 'notification-settings':
    case 'audit':
    case 'mail':
    case 'route':
      return m['access.page']();
  }
}

/** What has a sentence of its own, because its verb and its part would not say what was done. */
const SENTENCES: Readonly<Record<string, ((words: { readonly who: string }) => string) | undefined>> = {
  'view appointments': m['access.listed'],
  'view notifications': m['access.named'],
  'create appointment': m['access.booked'],
  'admit consultation': m['access.joined'],
  'view consultation': m['access.watched'],
  'admit appointment': m['access.colleague'],
  'administration audit': m['access.searched'],
};

/** One plain sentence: who did what with the patient's record. */
export function accessSentence(entry: RecordAccess): string {
  const { action, resource, outcome } = entry;
  const words = { who: actorWords(entry), what: partWords(resource) };
  if (outcome !== 'ok') return m['access.refused'](words);
  const own = SENTENCES[`${action} ${resource}`];
  if (own !== undefined) return own(words);
  switch (action) {
    case 'create':
      return m['access.created'](words);
    case 'change':
    case 'administration':
      return m['access.changed'](words);
    case 'remove':
      return m['access.removed'](words);
    case 'download':
      return m['access.downloaded'](words);
    case 'admit':
    case 'sign-in':
    case 'sign-out':
    case 'failure':
    case 'view':
      return m['access.viewed'](words);
  }
}
