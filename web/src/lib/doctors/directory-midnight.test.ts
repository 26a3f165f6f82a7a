import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import { arriveAt } from '../testing/page-address.svelte.ts';
import { beginAt, pass } from '../testing/late-evening.ts';
import DirectoryPage from './testing/DirectoryPage.svelte';
import { listedDoctorOf } from './testing/listed-doctor.ts';

vi.mock('$app/state', () => import('../testing/page-address.svelte.ts'));

/** A minute and a half before midnight where this runs. */
const LATE = new Date(2090, 4, 7, 23, 58, 30);

beginAt(LATE);

const found = (): (string | null)[] => screen.queryAllByRole('heading', { level: 2 }).map((head) => head.textContent);

it('who is free today is asked anew after midnight, and not with each minute', async () => {
  let reads = 0;
  serve(({ path }) => {
    if (path.includes('facets')) return { specializations: [], languages: [] };
    return { doctors: [listedDoctorOf(`Read ${String((reads += 1))}`)], total: 1, next: null };
  });
  arriveAt('/doctors?free=today');
  render(DirectoryPage, { app: App.create(), left: undefined, onready: () => undefined });
  await expect.poll(found).toEqual(['Read 1']);
  pass(60_000);
  expect(reads).toBe(1);
  pass(60_000);
  await expect.poll(found).toEqual(['Read 2']);
});
