import { scheduleSchema, type Schedule } from '@health-connect/contract';
import { beforeEach, describe, expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { slotsOfDate } from './day-slots.ts';
import {
  copyDay,
  draftOf,
  newException,
  newHours,
  sameSchedule,
  scheduleOf,
  type ScheduleDraft,
} from './schedule-draft.ts';
import { fieldId, problemsOf, summaryWords } from './schedule-problems.ts';

const cut = { slotMinutes: 20, breakMinutes: 5, modes: ['video', 'chat'] as const };
const schedule: Schedule = scheduleSchema.parse({
  timeZone: 'Europe/Berlin',
  workingTimes: [
    { weekday: 1, start: '09:00', end: '12:30', ...cut },
    { weekday: 1, start: '20:00', end: '24:00', ...cut, modes: ['video'] },
    { weekday: 3, start: '13:00', end: '15:00', ...cut, breakMinutes: 0 },
  ],
  exceptions: [
    { kind: 'vacation', from: '2030-07-01', to: '2030-07-14', hours: null, note: 'Sea' },
    { kind: 'closed', from: '2030-05-06', to: '2030-05-06', hours: { start: '22:00', end: '24:00' }, note: '' },
    { kind: 'extra', date: '2030-05-07', start: '08:00', end: '09:00', ...cut, note: '' },
  ],
  minimumNoticeMinutes: 120,
  furthestDays: 60,
  confirmation: 'automatic',
});

let draft: ScheduleDraft;
beforeEach(() => {
  draft = draftOf(schedule);
});
const wrongIds = (): string[] => problemsOf(draft).map(({ id }) => id);
const textAt = (id: string): string | undefined => problemsOf(draft).find((problem) => problem.id === id)?.text;

describe('a schedule and its fields', () => {
  it('come back the same, exceptions by date', () => {
    const back = scheduleOf(draft);
    expect(scheduleSchema.parse(back)).toEqual(back);
    const byDate = (list: Schedule['exceptions']) => list.map((exception) => JSON.stringify(exception)).sort();
    expect({ ...back, exceptions: [] }).toEqual({ ...schedule, exceptions: [] });
    expect(byDate(back.exceptions)).toEqual(byDate(schedule.exceptions));
    expect(draft.exceptions.map(({ from }) => from)).toEqual(['2030-05-06', '2030-05-07', '2030-07-01']);
  });

  it('know the end of a day, which a time field cannot hold', () => {
    expect(draft.week[1][1]?.end).toBe('00:00');
    expect(scheduleOf(draft).workingTimes[1]?.end).toBe('24:00');
  });

  it('have no problem with what the server gave', () => {
    expect(problemsOf(draft)).toEqual([]);
  });

  it('tell whether anything was changed', () => {
    expect(sameSchedule(draft, draftOf(schedule))).toBe(true);
    draft.week[2].push(newHours(undefined));
    expect(sameSchedule(draft, draftOf(schedule))).toBe(false);
  });

  it('copy a weekday to others, each with rows of its own', () => {
    copyDay(draft, 1, [2, 3]);
    const rows = scheduleOf(draft).workingTimes;
    expect(rows.filter(({ weekday }) => weekday === 2)).toHaveLength(2);
    expect(rows.filter(({ weekday }) => weekday === 3).map(({ start }) => start)).toEqual(['09:00', '20:00']);
    const keys = [1, 2, 3].flatMap((day) => draft.week[day === 1 ? 1 : day === 2 ? 2 : 3].map(({ key }) => key));
    expect(new Set(keys).size).toBe(6);
  });

  it('add hours that begin where the last ones end', () => {
    expect(newHours(draft.week[1][0])).toMatchObject({ start: '12:30', end: '', slotMinutes: '20', breakMinutes: '5' });
  });
});

describe('problems at the fields', () => {
  const change = (fields: Partial<ScheduleDraft['week'][1][0]>): string => {
    const [first] = draft.week[1];
    if (first === undefined) throw new Error('Monday has hours');
    Object.assign(first, fields);
    return first.key;
  };

  it.each([
    [{ start: '' }, 'start', () => m['schedule.needStart']()],
    [{ end: '' }, 'end', () => m['schedule.needEnd']()],
    [{ start: '09:02' }, 'start', () => m['schedule.needGrid']()],
    [{ end: '09:00' }, 'end', () => m['schedule.needLater']()],
    [{ start: '12:15' }, 'end', () => m['schedule.needLonger']()],
  ] as const)('%j', (fields, field, words) => {
    const key = change(fields);
    expect(wrongIds()).toEqual([fieldId(key, field)]);
    expect(textAt(fieldId(key, field))).toContain(words());
  });

  it('hours that overlap are told at the later row, those that touch are fine', () => {
    const late = draft.week[1][1];
    change({ end: '20:00' });
    expect(wrongIds()).toEqual([]);
    change({ end: '20:05' });
    expect(wrongIds()).toEqual([fieldId(late?.key ?? '', 'start')]);
    expect(problemsOf(draft)[0]?.place).toEqual({ tab: 'week', weekday: 1 });
  });

  it('a last day before the first, and hours of a part of a day', () => {
    const away = newException('vacation', '2030-03-02', undefined);
    draft.exceptions.push({ ...away, to: '2030-03-01' });
    expect(wrongIds()).toEqual([fieldId(away.key, 'to')]);
    const part = newException('closed', '2030-03-02', undefined);
    draft.exceptions = [{ ...part, wholeDay: false, start: '10:00', end: '09:00' }];
    expect(wrongIds()).toEqual([fieldId(part.key, 'end')]);
    draft.exceptions = [{ ...part, start: '10:00', end: '09:00' }];
    expect(wrongIds()).toEqual([]);
  });

  it('each time that is missing, and to what it belongs', () => {
    const extra = newException('extra', '2030-05-13', undefined);
    draft.exceptions = [{ ...extra, start: '', end: '' }];
    expect(wrongIds()).toEqual([fieldId(extra.key, 'start'), fieldId(extra.key, 'end')]);
    expect(problemsOf(draft).map(summaryWords)).toEqual([
      'Extra hours, Mon, May 13, 2030: Choose when the time begins.',
      'Extra hours, Mon, May 13, 2030: Choose when the time ends.',
    ]);
  });

  it('extra hours within the usual ones, or within each other', () => {
    // A Monday.
    const extra = { ...newException('extra', '2030-05-13', undefined), start: '12:00', end: '14:00' };
    draft.exceptions = [extra];
    expect(wrongIds()).toEqual([fieldId(extra.key, 'start')]);
    const later = { ...extra, key: 'later', start: '13:00', end: '15:00' };
    draft.exceptions = [{ ...extra, start: '12:30' }, later];
    expect(wrongIds()).toEqual([fieldId('later', 'start')]);
  });
});

describe('the preview', () => {
  const times = (date: string): string[] => slotsOfDate(draft, date).map(({ start }) => start);

  it('cuts the hours of a day into slots with breaks', () => {
    // A Monday: eight from the morning, ten from the evening.
    expect(times('2030-05-13').slice(0, 3)).toEqual(['09:00', '09:25', '09:50']);
    expect(slotsOfDate(draft, '2030-05-13').at(-1)).toMatchObject({ start: '23:20', end: '23:40', modes: ['video'] });
    expect(times('2030-05-14')).toEqual([]);
  });

  it('leaves out what is closed and puts extra hours in', () => {
    expect(times('2030-05-06').at(-1)).toBe('21:40');
    expect(times('2030-05-07')).toEqual(['08:00', '08:25']);
    expect(times('2030-07-01')).toEqual([]);
  });
});
