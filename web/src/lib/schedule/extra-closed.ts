import { endOf, type ExceptionDraft } from './schedule-draft.ts';

/** The time off into which extra hours fall: it goes first, and nobody can book them then. */
export function closedOver(extra: ExceptionDraft, exceptions: readonly ExceptionDraft[]): ExceptionDraft | undefined {
  if (extra.kind !== 'extra' || extra.from === '') return undefined;
  return exceptions.find(
    (other) => other.kind !== 'extra' && other.from <= extra.from && extra.from <= other.to && hoursMeet(extra, other),
  );
}

/** Times that are missing meet with nothing yet. */
function hoursMeet(extra: ExceptionDraft, closed: ExceptionDraft): boolean {
  if (closed.wholeDay) return true;
  if ([extra, closed].some(({ start, end }) => start === '' || end === '')) return false;
  return extra.start < endOf(closed.end) && closed.start < endOf(extra.end);
}
