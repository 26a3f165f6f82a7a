import { scheduleSchema } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { draftOf } from './schedule-draft.ts';
import SchedulePreview from './SchedulePreview.svelte';

const schedule = scheduleSchema.parse({
  timeZone: 'Europe/Berlin',
  workingTimes: [{ weekday: 1, start: '09:00', end: '12:00', slotMinutes: 20 }],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 60,
  confirmation: 'manual',
});

it('offers no week before the first one, and keeps the focus at the way on', async () => {
  render(SchedulePreview, { draft: draftOf(schedule), sound: true });
  const earlier = (): HTMLElement | null => screen.queryByRole('button', { name: m['schedule.earlierWeek']() });
  const later = screen.getByRole('button', { name: m['schedule.laterWeek']() });
  const first = screen.getByRole('status').textContent;
  expect(earlier()).toBeNull();
  await fireEvent.click(later);
  expect(screen.getByRole('status').textContent).not.toBe(first);
  earlier()?.focus();
  await fireEvent.click(earlier() ?? document.body);
  await expect.poll(() => document.activeElement).toBe(later);
  expect([earlier(), screen.getByRole('status').textContent]).toEqual([null, first]);
});
