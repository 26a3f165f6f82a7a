import { type OwnProfile, type Profile } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen } from '@testing-library/svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import CompleteProfile from './CompleteProfile.svelte';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

const own = (skipped: Profile['onboarding']['skipped'] = []): OwnProfile => ({
  profile: {
    role: 'patient',
    name: 'Ana',
    onboarding: { skipped },
    dateOfBirth: '1980-02-01',
    gender: 'female',
    contactNumber: '1',
    bloodGroup: null,
    allergies: null,
    emergencyContact: [],
  },
  avatarId: null,
  profileCompleted: false,
  missing: ['emergencyContact'],
});
const title = (): HTMLElement | null => screen.queryByRole('heading', { name: m['complete.title']() });
const show = () => render(WithApp<Record<string, never>>, { component: CompleteProfile, given: {} });
const notNow = (): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: m['complete.notNow']() }));

it('says how far the profile is and leads there', async () => {
  serve(() => own());
  show();
  await vi.waitFor(() => expect(title()).not.toBeNull());
  const open = `${m['profile.health']()} and ${m['profile.emergency']()}`;
  expect(screen.getByText(m['complete.progress']({ done: '1', parts: '3', open }))).toBeTruthy();
  expect(screen.getByRole('link', { name: m['complete.go']() }).getAttribute('href')).toBe('/settings/profile');
});

it('goes away for good when it is put off', async () => {
  let kept = own(['avatar']);
  const asked = serve(({ method }) => (method === 'PUT' ? (kept = own(['avatar', 'health', 'emergency'])) : kept));
  show();
  await vi.waitFor(() => expect(title()).not.toBeNull());
  await notNow();
  await vi.waitFor(() => expect(title()).toBeNull());
  expect(asked.filter(({ method }) => method === 'PUT').map(({ body }) => body)).toEqual([
    { change: { role: 'patient', onboarding: { skipped: ['avatar', 'health', 'emergency'] } } },
  ]);
  cleanup();
  show();
  await vi.waitFor(() => expect(asked).toHaveLength(3));
  expect(title()).toBeNull();
});

it('says why it could not be put off, and stays', async () => {
  serve(({ method }) => (method === 'PUT' ? refused('unavailable') : own()));
  show();
  await vi.waitFor(() => expect(title()).not.toBeNull());
  await notNow();
  expect((await screen.findByRole('alert')).textContent).toContain(m['net.serverDown']());
  expect(title()).not.toBeNull();
});
