import { scheduleSchema } from '@health-connect/contract';
import { render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import ZoneQuestion from './ZoneQuestion.svelte';

const schedule = scheduleSchema.parse({
  timeZone: 'Europe/Berlin',
  workingTimes: [],
  exceptions: [],
  minimumNoticeMinutes: 60,
  furthestDays: 60,
  confirmation: 'manual',
});
const show = () => render(WithApp<Record<string, never>>, { component: ZoneQuestion, given: {} });
const way = (): HTMLElement | null => screen.queryByRole('link', { name: m['schedule.zoneUnclearWay']() });

afterEach(() => vi.unstubAllGlobals());

it('leads a doctor whose zone means several places to the hours', async () => {
  serve(() => ({ schedule, version: 1, unclearZone: 'IST' }));
  show();
  await screen.findByText(m['schedule.zoneUnclearHome']({ zone: 'IST' }));
  expect(way()?.getAttribute('href')).toBe('/schedule');
});

it.each([
  ['where the zone is clear', () => ({ schedule, version: 1, unclearZone: null })],
  ['where nobody knows', () => refused('unavailable')],
])('says nothing %s', async (_where, answer) => {
  const asked = serve(answer);
  show();
  await expect.poll(() => asked.length).toBe(1);
  await new Promise((resolve) => setTimeout(resolve));
  expect(way()).toBeNull();
});
