import { profileSchema, type OwnProfile, type Profile, type Role } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import ProfileSteps from './ProfileSteps.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
  sessionStorage.clear();
});

const ownOf = (profile: Profile): OwnProfile => ({ profile, avatarId: null, profileCompleted: true, missing: [] });
const press = (name: string): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name }));

/** The profile page of somebody of the hospital, and what was asked of the server. */
async function show(role: Extract<Role, 'staff' | 'administrator'>) {
  const account = { id: 'a'.repeat(24), role, name: 'Sam', email: 's@b.co', status: 'active', avatarId: null };
  const profile = profileSchema.parse({ role, name: 'Sam', onboarding: { skipped: [] } });
  const asked = serve(({ path }) =>
    path === '/api/auth/me' ? { account } : ownOf(profileSchema.parse({ ...profile, name: 'Sam Sato' })),
  );
  const app = App.create();
  await app.session.load();
  const given = { own: ownOf(profile), onsaved: () => undefined };
  render(WithApp<ComponentProps<typeof ProfileSteps>>, { app, component: ProfileSteps, given });
  await press(m['profile.editNamed']({ step: m['profile.name']() }));
  return { app, saved: () => asked.filter(({ method }) => method === 'PUT') };
}

it.each(['staff', 'administrator'] as const)('lets somebody of the role %s change their own name', async (role) => {
  const { app, saved } = await show(role);
  const field = screen.getByLabelText(m['signup.name']());
  expect(field).toHaveProperty('value', 'Sam');
  await fireEvent.input(field, { target: { value: ' ' } });
  await press(m['profile.save']());
  expect(screen.getAllByText(m['signup.needName']()).length).toBeGreaterThan(0);
  expect(saved()).toEqual([]);
  await fireEvent.input(field, { target: { value: 'Sam Sato' } });
  await press(m['profile.save']());
  await vi.waitFor(() => expect(app.session.account?.name).toBe('Sam Sato'));
  expect(saved()).toMatchObject([{ path: '/api/profile', body: { change: { role, name: 'Sam Sato' } } }]);
});
