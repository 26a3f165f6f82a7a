import { describe, expect, it } from 'vitest';
import { closedOver } from './extra-closed.ts';
import { newException, type ExceptionDraft } from './schedule-draft.ts';

const extra = (from: string, start: string, end: string): ExceptionDraft => ({
  ...newException('extra', from, undefined),
  start,
  end,
});
const away = (parts: Partial<ExceptionDraft>): ExceptionDraft => ({
  ...newException('vacation', '2030-07-01', undefined),
  to: '2030-07-14',
  ...parts,
});
const vacation = away({});
const evening = away({ kind: 'closed', wholeDay: false, start: '18:00', end: '00:00' });

describe('extra hours and time off', () => {
  it.each([
    ['on its first day', extra('2030-07-01', '09:00', '12:00'), vacation, true],
    ['on its last day', extra('2030-07-14', '09:00', '12:00'), vacation, true],
    ['after it', extra('2030-07-15', '09:00', '12:00'), vacation, false],
    ['before it', extra('2030-06-30', '09:00', '12:00'), vacation, false],
    ['in hours that are free', extra('2030-07-03', '16:00', '18:00'), evening, false],
    ['in hours that are closed until midnight', extra('2030-07-03', '17:00', '00:00'), evening, true],
    ['without hours yet, of a whole day', extra('2030-07-03', '', ''), vacation, true],
    ['without hours yet, of some hours', extra('2030-07-03', '', ''), evening, false],
  ])('%s', (_where, hours, off, falls) => {
    expect(closedOver(hours, [hours, off])).toBe(falls ? off : undefined);
  });

  it('are a matter of extra hours only', () => {
    expect(closedOver(vacation, [vacation, evening])).toBeUndefined();
  });
});
