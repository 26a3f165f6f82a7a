import { ERRORS, type ErrorCode } from '@health-connect/contract';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { serve } from '../api/testing/server.ts';
import { answeredAppointment, appointmentOf } from '../appointments/testing/appointment.ts';
import { addDays } from '../i18n/calendar-date.ts';
import { answerRequest } from './answer-request.ts';
import { begunBy, byDate, loadDays, timelineOf, toAnswer } from './doctor-day.ts';
import { datesOf } from './week.ts';

const at = (time: string, changes = {}) =>
  appointmentOf(`2030-05-06T${time}:00.000Z`, { id: time, myParty: 'doctor', ...changes });
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);

afterEach(() => vi.unstubAllGlobals());

describe("a doctor's day", () => {
  it('is in order, without what was called off or moved away', () => {
    const list = [
      at('11:00'),
      at('09:00'),
      at('10:00', { status: 'cancelled' }),
      at('12:00', { status: 'rescheduled' }),
    ];
    expect(ids(timelineOf(list))).toEqual(['09:00', '11:00']);
  });

  it('knows what has begun', () => {
    const timeline = timelineOf([at('11:00'), at('09:00'), at('10:00')]);
    expect(begunBy(timeline, Date.parse('2030-05-06T10:00:00.000Z'))).toBe(2);
    expect(begunBy(timeline, Date.parse('2030-05-06T08:00:00.000Z'))).toBe(0);
  });

  it("has the requests that wait for the doctor's own answer", () => {
    const pending = { status: 'pending', awaiting: 'doctor' };
    const list = [
      at('11:00', pending),
      at('10:00', pending),
      at('12:00', { ...pending, awaiting: 'patient' }),
      at('13:00', { ...pending, myParty: 'colleague' }),
      at('14:00'),
    ];
    expect(ids(toAnswer(list))).toEqual(['10:00', '11:00']);
  });

  it('groups a week by the calendar of the one who looks, wherever the hours are meant, empty days included', () => {
    // 11:00 in New York is the next day's early morning in Auckland.
    const list = [
      at('15:00', { timeZone: 'America/New_York', date: '2030-05-06', startTime: '11:00' }),
      at('11:30', { timeZone: 'America/New_York', date: '2030-05-06', startTime: '07:30' }),
    ];
    const dates = ['2030-05-06', '2030-05-07', '2030-05-08'];
    const of = (zone: string) => byDate(list, dates, zone).map(({ visits }) => ids(visits));
    expect(of('Pacific/Auckland')).toEqual([['11:30'], ['15:00'], []]);
    expect(of('America/New_York')).toEqual([['11:30', '15:00'], [], []]);
  });

  it("reads the days of the reader's calendar, whichever days of the schedule's they touch", async () => {
    // Monday 8:00 in Auckland is Sunday in New York; Sunday 23:30 in New York is Monday afternoon in Auckland.
    const visits = [
      answeredAppointment('2030-05-05T20:00:00.000Z', { id: '1'.repeat(24), myParty: 'doctor', date: '2030-05-05' }),
      answeredAppointment('2030-05-12T12:30:00.000Z', { id: '2'.repeat(24), myParty: 'doctor', date: '2030-05-12' }),
      answeredAppointment('2030-05-04T11:00:00.000Z', { id: '3'.repeat(24), myParty: 'doctor', date: '2030-05-04' }),
    ];
    const asked = serve(({ path }) => {
      const query = new URL(path, 'http://localhost').searchParams;
      const from = query.get('from') ?? '';
      const to = addDays(from, Number(query.get('days')) - 1);
      return { appointments: visits.filter(({ date }) => date >= from && date <= to), isWhole: true };
    });
    const call = createApiClient({
      refreshSession: () => Promise.resolve(false),
      onSignInEnded: () => Promise.resolve(false),
    });
    const week = datesOf('2030-05-06');
    const read = await loadDays(call, week, 'Pacific/Auckland', {});
    expect(read.map(({ startsAt }) => startsAt)).toEqual(['2030-05-05T20:00:00.000Z']);
    expect((await loadDays(call, ['2030-05-13'], 'Pacific/Auckland', {})).map(({ date }) => date)).toEqual([
      '2030-05-12',
    ]);
    expect(asked.every(({ path }) => Number(/days=(\d+)/.exec(path)?.[1]) <= 7)).toBe(true);
  });

  it('are asked for apart where there are more than one answer has', async () => {
    const asked = serve(({ path }) => {
      const query = new URL(path, 'http://localhost').searchParams;
      const [from, days] = [query.get('from') ?? '', Number(query.get('days'))];
      const visit = answeredAppointment(`${from}T09:00:00.000Z`, { id: from.replaceAll('-', '').padStart(24, '0') });
      return { appointments: days === 1 ? [visit] : [], isWhole: days === 1 };
    });
    const call = createApiClient({
      refreshSession: () => Promise.resolve(false),
      onSignInEnded: () => Promise.resolve(false),
    });
    const read = await loadDays(call, datesOf('2030-05-06'), 'UTC', {});
    expect(read.map(({ startsAt }) => startsAt.slice(0, 10))).toEqual(datesOf('2030-05-06'));
    expect(asked).toHaveLength(2 + 9);
  });
});

describe('an answer to a request', () => {
  const answering = (code?: ErrorCode) => {
    const sent: unknown[] = [];
    const call = createApiClient({
      refreshSession: () => Promise.resolve(false),
      onSignInEnded: () => Promise.resolve(false),
      fetch: (input, init) => {
        sent.push([input, typeof init?.body === 'string' ? JSON.parse(init.body) : undefined]);
        const refused = code === undefined || init?.method !== 'POST' ? undefined : code;
        const body =
          refused === undefined
            ? { appointment: { ...at('10:00'), id: 'a'.repeat(24), doctor: person(), patient: person() } }
            : { error: { code: refused, message: ERRORS[refused].message, requestId: 'r' } };
        return Promise.resolve(
          new Response(JSON.stringify(body), { status: refused === undefined ? 200 : ERRORS[refused].status }),
        );
      },
    });
    return { call, sent };
  };
  const person = () => ({ id: 'b'.repeat(24), name: 'Ana', avatarId: null, specialization: 'Skin' });

  it('is for the version that was seen, with the words', async () => {
    const { call, sent } = answering();
    expect(await answerRequest(call, at('10:00', { version: 4 }), { change: 'confirm', words: 'Welcome' })).toBe(
      undefined,
    );
    await answerRequest(call, at('10:00', { version: 4 }), { change: 'decline', words: 'Away' });
    expect(sent).toEqual([
      ['/api/appointments/10%3A00/confirm', { version: 4, comment: 'Welcome' }],
      ['/api/appointments/10%3A00/decline', { version: 4, reason: 'Away' }],
    ]);
  });

  it('tells how it is now when somebody was faster, and throws everything else', async () => {
    const request = at('10:00');
    const answer = { change: 'confirm', words: '' } as const;
    const now = { id: 'a'.repeat(24) };
    expect(await answerRequest(answering('version_conflict').call, request, answer)).toMatchObject(now);
    expect(await answerRequest(answering('change_not_allowed').call, request, answer)).toMatchObject(now);
    await expect(answerRequest(answering('unavailable').call, request, answer)).rejects.toMatchObject({
      code: 'unavailable',
    });
  });
});
