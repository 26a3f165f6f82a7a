import { m } from '#lib/paraglide/messages.js';
import { endOf, type ExceptionDraft } from './schedule-draft.ts';
import { dateWords, rangeWords } from './wall-clock.ts';

export interface ExceptionWords {
  readonly kind: string;
  readonly when: string;
  /** Empty for whole days, and while times are missing. */
  readonly hours: string;
}

function kindWords(kind: ExceptionDraft['kind']): string {
  switch (kind) {
    case 'closed':
      return m['schedule.closed']();
    case 'vacation':
      return m['schedule.vacation']();
    case 'extra':
      return m['schedule.extra']();
  }
}

/** An exception in words. */
export function exceptionWords({ kind, from, to, wholeDay, start, end }: ExceptionDraft): ExceptionWords {
  const days = [...new Set(kind === 'extra' ? [from] : [from, to])].filter((day) => day !== '').map(dateWords);
  const timed = (kind === 'extra' || !wholeDay) && start !== '' && end !== '';
  return { kind: kindWords(kind), when: days.join(' – '), hours: timed ? rangeWords(start, endOf(end)) : '' };
}
