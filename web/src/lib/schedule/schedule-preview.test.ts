import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import { draftOf } from './schedule-draft.ts';
import SchedulePreview from './SchedulePreview.svelte';
import { scheduleOf } from './testing/schedule.ts';

it('offers no week before the first one, and keeps the focus at the way on', async () => {
  render(SchedulePreview, { draft: draftOf(scheduleOf()), sound: true });
  const earlier = (): HTMLElement | null => screen.queryByRole('button', { name: m['slot.previousWeek']() });
  const later = screen.getByRole('button', { name: m['slot.nextWeek']() });
  const first = screen.getByRole('status').textContent;
  expect(earlier()).toBeNull();
  await fireEvent.click(later);
  expect(screen.getByRole('status').textContent).not.toBe(first);
  earlier()?.focus();
  await fireEvent.click(earlier() ?? document.body);
  await expect.poll(() => document.activeElement).toBe(later);
  expect([earlier(), screen.getByRole('status').textContent]).toEqual([null, first]);
});
