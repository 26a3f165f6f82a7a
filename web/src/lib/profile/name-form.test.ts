import { profileSchema, type OwnProfile, type Profile, type Role } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
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
async function show(role: Extract<Role, 'staff' | 'administrator'>, isOpen = false) {
  const account = {
    id: 'a'.repeat(24),
    role,
    name: 'Sam',
    email: 's@b.co',
    status: 'active',
    avatarId: null,
    timeZone: null,
  };
  const profile = profileSchema.parse({ role, name: 'Sam', onboarding: { skipped: [] } });
  const asked = serve(({ path }) =>
    path === '/api/auth/me' ? { account } : ownOf(profileSchema.parse({ ...profile, name: 'Sam Sato' })),
  );
  const app = App.create();
  await app.session.load();
  const given = { own: ownOf(profile), onsaved: () => undefined };
  render(WithApp<ComponentProps<typeof ProfileSteps>>, { app, component: ProfileSteps, given });
  if (!isOpen) await press(m['profile.editNamed']({ step: m['profile.name']() }));
  if (!isOpen) expect(document.activeElement?.textContent).toBe(m['profile.name']());
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
  field.focus();
  await fireEvent.input(field, { target: { value: 'Sam Sato' } });
  await press(m['profile.save']());
  await vi.waitFor(() => expect(app.session.account?.name).toBe('Sam Sato'));
  expect(saved()).toMatchObject([{ path: '/api/profile', body: { change: { role, name: 'Sam Sato' } } }]);
  // What was typed is not kept any longer than needed.
  expect(Object.keys(sessionStorage).filter((key) => key.includes('profile.name'))).toEqual([]);
  // The form is gone: the focus goes on to what is offered next.
  await vi.waitFor(() => expect(document.activeElement?.textContent).toBe(m['picture.title']()));
});

it('keeps what was typed of a name through a reload, for this account', async () => {
  const { app } = await show('staff');
  await fireEvent.input(screen.getByLabelText(m['signup.name']()), { target: { value: 'Sam Sa' } });
  cleanup();
  // The form that was open is open again.
  await show('staff', true);
  expect(screen.getByLabelText(m['signup.name']())).toHaveProperty('value', 'Sam Sa');
  expect(app.session.account?.name).toBe('Sam');
});

it('says why a step could not be skipped, and stays there', async () => {
  const profile = profileSchema.parse({ role: 'staff', name: 'Sam', onboarding: { skipped: [] } });
  serve(() => refused('unavailable'));
  const given = { own: ownOf(profile), onsaved: () => undefined };
  render(WithApp<ComponentProps<typeof ProfileSteps>>, { component: ProfileSteps, given });
  await press(m['profile.skip']());
  expect((await screen.findByRole('alert')).textContent).toContain(m['net.serverDown']());
  expect(screen.getByRole('button', { name: m['profile.skip']() })).toBeTruthy();
});
