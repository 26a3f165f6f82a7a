import type { Account, Role } from '@health-connect/contract';
import { cleanup, render } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../lib/api/testing/server.ts';
import { App } from '../lib/app/app.svelte.ts';
import WithApp from '../lib/app/testing/WithApp.svelte';
import { m } from '../lib/paraglide/messages.js';

// Nothing leads anywhere: only the one page is there.
vi.mock('$app/navigation', async (original) => ({ ...(await original<object>()), goto: () => Promise.resolve() }));

const pages = import.meta.glob<{ default: Component<object> }>('./**/+page.svelte');
/** Pages whose address names somebody or something are named after it, once it is known. */
const paths = Object.keys(pages).filter((path) => !path.includes('['));
/** Where the heading of the page says something else than the way to it. */
const TITLES: Readonly<Record<string, () => string>> = {
  './(signed-in)/home/+page.svelte': m['nav.home'],
};

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const roleFor = (path: string): Role | undefined => {
  if (!path.includes('(signed-in)')) return undefined;
  if (path.includes('/admin/')) return 'administrator';
  return /\/(records|appointments)\//.test(path) ? 'patient' : 'doctor';
};

it.each(paths)('%s names the page as its heading does, also while nothing can be read', async (path) => {
  const role = roleFor(path);
  const facts = { id: 'a'.repeat(24), name: 'Sam', email: 's@b.co', avatarId: null, timeZone: null } as const;
  const account: Account | undefined = role === undefined ? undefined : { ...facts, role, status: 'active' };
  serve(({ path: asked }) => (asked.endsWith('/me') && account !== undefined ? { account } : refused('unavailable')));
  const app = App.create();
  if (account !== undefined) await app.session.load();
  const page = await pages[path]?.();
  if (page === undefined) throw new Error('There is no such page');
  const { container } = render(WithApp<object>, { app, component: page.default, given: {} });
  const heading = container.querySelector('h1')?.textContent.trim() ?? '';
  expect(heading).not.toBe('');
  expect(document.title).toBe(m['title.page']({ page: TITLES[path]?.() ?? heading }));
});
