import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import { viewerZone } from '../i18n/format.ts';
import { m } from '../paraglide/messages.js';
import { arriveAt } from '../testing/page-address.svelte.ts';
import type { DirectorySnapshot } from './directory.svelte.ts';
import DirectoryPage from './testing/DirectoryPage.svelte';
import { listedDoctorOf } from './testing/listed-doctor.ts';

vi.mock('$app/state', () => import('../testing/page-address.svelte.ts'));

const ELSEWHERE = viewerZone() === 'Asia/Kolkata' ? 'Asia/Tokyo' : 'Asia/Kolkata';

beforeEach(() => {
  serve(({ path }) => {
    if (path.includes('facets')) return { specializations: [], languages: [] };
    const { searchParams } = new URL(path, 'https://clinic.org');
    // Who is found is named by what was asked for.
    const name = `${searchParams.get('term') ?? 'Anyone'} in ${searchParams.get('timeZone') ?? ''}`;
    return { doctors: [listedDoctorOf(name)], total: 1, next: null };
  });
});
afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

/** The directory at a term, as somebody left it and comes back to it; answers with what would be kept of it. */
function comeBack(app: App, left?: DirectorySnapshot): () => DirectorySnapshot | undefined {
  let keep: (() => DirectorySnapshot | undefined) | undefined;
  arriveAt('/doctors?term=Ada');
  render(DirectoryPage, { app, left, onready: (capture: () => DirectorySnapshot | undefined) => (keep = capture) });
  return () => keep?.();
}
const found = (): (string | null)[] => screen.queryAllByRole('heading', { level: 2 }).map((head) => head.textContent);
const listOf = (term: string, zone: string): string[] => [`${term} in ${zone}`];

/** What is kept of the list, so that a list which was read anew is told from it. */
async function leave(app: App): Promise<DirectorySnapshot> {
  const capture = comeBack(app);
  await expect.poll(found).toEqual(listOf('Ada', app.shownZone.current));
  const left = capture();
  if (left === undefined) throw new Error('Nothing is kept of the list');
  cleanup();
  return { ...left, doctors: [listedDoctorOf('As it was left')] };
}

it('shows the list as it was left after Back, and the list of each filter from then on', async () => {
  const app = App.create();
  comeBack(app, await leave(app));
  await expect.poll(found).toEqual(['As it was left']);
  arriveAt('/doctors?term=Ben');
  await expect.poll(found).toEqual(listOf('Ben', viewerZone()));
  arriveAt('/doctors?term=Ada');
  await expect.poll(found).toEqual(listOf('Ada', viewerZone()));
});

it('asks again in the own zone when somebody goes back to it', async () => {
  const app = App.create();
  app.shownZone.choose(ELSEWHERE);
  comeBack(app, await leave(app));
  await expect.poll(found).toEqual(['As it was left']);
  await fireEvent.click(screen.getByRole('button', { name: m['zone.back']() }));
  await expect.poll(found).toEqual(listOf('Ada', viewerZone()));
});

it('does not show a list whose days are those of another zone', async () => {
  const app = App.create();
  const left = await leave(app);
  app.shownZone.choose(ELSEWHERE);
  comeBack(app, left);
  await expect.poll(found).toEqual(listOf('Ada', ELSEWHERE));
});
