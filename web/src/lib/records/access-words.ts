import type { RecordAccess } from '@health-connect/contract';
import { resourceWords } from '#lib/admin/audit-words.ts';
import { m } from '#lib/paraglide/messages.js';

function actorWords({ who, bySystem }: RecordAccess): string {
  if (bySystem) return m['access.system']();
  return who === '' ? m['access.gone']() : who;
}

/** One plain sentence: who did what with the patient's record. */
export function accessSentence(entry: RecordAccess): string {
  const words = { who: actorWords(entry), what: resourceWords(entry.resource) };
  if (entry.outcome !== 'ok') return m['access.refused'](words);
  switch (entry.action) {
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
