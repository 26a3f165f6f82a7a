import { ERRORS, type ErrorCode } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { newException, newHours } from './schedule-draft.ts';
import { ScheduleEditing } from './schedule-editing.svelte.ts';
import { affectedOf, effectOf, scheduleOf } from './testing/schedule.ts';

const schedule = scheduleOf();
const storedAs = (version: number, unclearZone: string | null = null) => ({ schedule, version, unclearZone });
const ID = 'a'.repeat(24);

/** An editor of hours that are stored in this version, at a server that answers in this order. */
function setUp(answers: readonly (object | ErrorCode)[], version = 3, unclearZone: string | null = null) {
  const waiting = [...answers];
  const sent: { readonly what: string; readonly body: unknown }[] = [];
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: (input, init) => {
      const path = typeof input === 'string' ? input : '';
      sent.push({
        what: `${init?.method ?? ''} ${path}`,
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      });
      const answer = waiting.shift();
      const body =
        typeof answer === 'string'
          ? { error: { code: answer, message: ERRORS[answer].message, requestId: 'r' } }
          : answer;
      const status = typeof answer === 'string' ? ERRORS[answer].status : 200;
      return Promise.resolve(new Response(JSON.stringify(body), { status }));
    },
  });
  const editing = ScheduleEditing.create(call, storedAs(version, unclearZone));
  editing.draft.week[2].push(newHours(undefined));
  return { editing, sent };
}

describe('hours that were typed before the sign-in ended (R34)', () => {
  it('are there again, and saved on the version that they were typed on', async () => {
    const before = setUp([]).editing;
    const { editing, sent } = setUp([effectOf(), storedAs(6)], 5);
    editing.undo();
    expect([editing.changed, editing.unsaved]).toEqual([false, '']);
    before.draft.exceptions.push(newException('vacation', '2030-05-06', undefined));
    editing.resume(before.unsaved);
    expect([editing.draft.week[2].length, editing.draft.exceptions[0]?.kind, editing.changed]).toEqual([
      1,
      'vacation',
      true,
    ]);
    // Rows of one page have one key each: ids of their fields are made of it.
    expect(editing.draft.week[2][0]?.key).not.toBe(before.draft.week[2][0]?.key);
    await editing.check();
    await editing.save();
    expect(sent[1]?.body).toMatchObject({ version: 3 });
    expect(editing.unsaved).toBe('');
  });

  it('meet a change elsewhere like any others', async () => {
    const before = setUp([]).editing;
    const { editing, sent } = setUp([effectOf(), 'version_conflict', storedAs(9)], 5);
    editing.resume(before.unsaved);
    await editing.check();
    await editing.save();
    expect(sent[1]?.body).toMatchObject({ version: 3 });
    expect(editing.conflict?.version).toBe(9);
    editing.takeTheirs();
    expect([editing.changed, editing.unsaved]).toEqual([false, '']);
  });

  it('keep their version when they are interrupted again, and lose it when they are given up', async () => {
    const before = setUp([]).editing;
    const { editing, sent } = setUp([effectOf(), storedAs(6)], 5);
    editing.resume(before.unsaved);
    expect(editing.unsaved).toContain('"version":3');
    editing.undo();
    editing.draft.week[2].push(newHours(undefined));
    await editing.check();
    await editing.save();
    expect(sent[1]?.body).toMatchObject({ version: 5 });
  });

  it.each(['', 'x', 'null', '{"version":3}', '{"version":3,"draft":{"week":{"1":[7]}}}'])('are not %j', (nonsense) => {
    const { editing } = setUp([]);
    const { unsaved } = editing;
    editing.resume(nonsense);
    expect(editing.unsaved).toBe(unsaved);
  });
});

describe('saving hours', () => {
  it('shows the effect first, and keeps every booked appointment that it was shown with', async () => {
    const { editing, sent } = setUp([effectOf({ affected: [affectedOf(ID)] }), storedAs(4)]);
    expect(editing.changed).toBe(true);
    await editing.save();
    expect(sent).toEqual([]);
    await editing.check();
    expect(editing.effect?.affected).toHaveLength(1);
    await editing.save();
    expect(sent.map(({ what }) => what)).toEqual(['POST /api/schedule/preview', 'PUT /api/schedule']);
    expect(sent[1]?.body).toMatchObject({ version: 3, keep: [ID] });
    expect([editing.effect, editing.saved?.affected.length, editing.changed]).toEqual([undefined, 1, false]);
  });

  it('saves what the effect was shown of, also where it was typed while the effect was looked up', async () => {
    const { editing, sent } = setUp([effectOf(), effectOf({ addedSlots: 9 }), storedAs(4)]);
    const checking = editing.check();
    editing.draft.week[3].push(newHours(undefined));
    await checking;
    expect([editing.effect?.addedSlots, sent.length]).toEqual([9, 2]);
    editing.draft.week[5].push(newHours(undefined));
    await editing.save();
    expect(sent[2]?.body).toMatchObject(sent[1]?.body ?? {});
    // What was typed after it is still there to be saved.
    expect([editing.saved?.addedSlots, editing.changed, editing.draft.week[5].length]).toEqual([9, true, 1]);
  });

  it('shows no effect of what became no schedule meanwhile', async () => {
    const { editing } = setUp([effectOf()]);
    const checking = editing.check();
    editing.draft.exceptions.push(newException('vacation', '', undefined));
    await checking;
    expect([editing.effect, editing.problems.length]).toEqual([undefined, 1]);
  });

  it('shows the effect again when somebody booked in the meantime', async () => {
    const { editing } = setUp([
      effectOf(),
      'schedule_affects_bookings',
      effectOf({ affected: [affectedOf(ID)] }),
      storedAs(4),
    ]);
    await editing.check();
    await editing.save();
    expect([editing.bookedMeanwhile, editing.effect?.affected.length, editing.saved]).toEqual([true, 1, undefined]);
    await editing.save();
    expect(editing.saved?.affected).toHaveLength(1);
  });

  it('tells of a change elsewhere and keeps what was typed', async () => {
    const theirs = { ...storedAs(9), schedule: { ...schedule, furthestDays: 7 } };
    const { editing, sent } = setUp([effectOf(), 'version_conflict', theirs, effectOf(), storedAs(10)]);
    await editing.check();
    await editing.save();
    expect([editing.conflict?.version, editing.draft.week[2].length, editing.effect]).toEqual([9, 1, undefined]);
    editing.keepMine();
    await editing.check();
    await editing.save();
    expect(sent.at(-1)?.body).toMatchObject({ version: 9, schedule: { furthestDays: 60 } });
  });

  it('shows the other hours when they are wanted', async () => {
    const theirs = { ...storedAs(9), schedule: { ...schedule, furthestDays: 7 } };
    const { editing } = setUp([effectOf(), 'version_conflict', theirs]);
    await editing.check();
    await editing.save();
    editing.takeTheirs();
    expect([editing.draft.furthestDays, editing.draft.week[2], editing.conflict]).toEqual(['7', [], undefined]);
    expect(editing.changed).toBe(false);
  });

  it('goes back to what is stored', () => {
    const { editing } = setUp([]);
    editing.undo();
    expect([editing.draft.week[2], editing.changed]).toEqual([[], false]);
    editing.draft.week[1].pop();
    editing.undo();
    expect(editing.draft.week[1]).toHaveLength(1);
  });
});

describe('a zone that means several places', () => {
  it('is no choice: the doctor has to make one before anything is looked up or saved', async () => {
    const { editing, sent } = setUp([effectOf(), storedAs(4)], 3, 'IST');
    editing.undo();
    expect([editing.unclearZone, editing.draft.timeZone, editing.changed]).toEqual(['IST', '', false]);
    expect(editing.problems.map(({ id }) => id)).toEqual(['schedule-zone']);
    await editing.check();
    expect(sent).toEqual([]);
    editing.draft.timeZone = 'Asia/Kolkata';
    expect([editing.problems, editing.changed]).toEqual([[], true]);
    await editing.check();
    await editing.save();
    expect(sent[1]?.body).toMatchObject({ version: 3, schedule: { timeZone: 'Asia/Kolkata' } });
    expect([editing.unclearZone, editing.draft.timeZone]).toEqual([null, 'Europe/Berlin']);
  });

  it('that was stored elsewhere meanwhile is asked for, too', async () => {
    const { editing } = setUp([effectOf(), 'version_conflict', storedAs(9, 'IST')]);
    await editing.check();
    await editing.save();
    editing.takeTheirs();
    expect([editing.unclearZone, editing.draft.timeZone]).toEqual(['IST', '']);
  });

  it('is told of, too, where what was typed goes on with a zone of its own', async () => {
    const { editing } = setUp([effectOf(), 'version_conflict', storedAs(9, 'IST')]);
    await editing.check();
    await editing.save();
    editing.keepMine();
    expect([editing.unclearZone, editing.draft.timeZone, editing.changed]).toEqual(['IST', 'Europe/Berlin', true]);
  });
});
