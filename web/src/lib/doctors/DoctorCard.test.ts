import type { ListedDoctor } from '@health-connect/contract';
import { render, screen, within } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import DoctorCard from './DoctorCard.svelte';

const now = new Date('2030-01-01T08:00:00.000Z');
const doctor: ListedDoctor = {
  id: '0123456789abcdef01234567',
  name: 'Dr. Clara Hoffmann',
  avatarId: 'fedcba9876543210fedcba98',
  specialization: 'Dermatology',
  qualification: 'MD, FAAD',
  experienceYears: 14,
  languages: ['German', 'English'],
  modes: ['video'],
  timeZone: 'Europe/Berlin',
  rating: { average: 4.6, count: 12 },
  nextFree: [
    { startsAt: '2030-01-01T07:00:00.000Z', modes: ['video'] },
    { startsAt: '2030-01-01T10:00:00.000Z', modes: ['video'] },
  ],
};

const card = (change: Partial<ListedDoctor> = {}, showTimes = true): HTMLElement => {
  render(DoctorCard, { doctor: { ...doctor, ...change }, now, showTimes });
  return screen.getByRole('article', { name: doctor.name });
};

it('shows photo, name, specialization, qualification, years, languages and rating with its count', () => {
  const shown = card();
  expect(shown.querySelector('img')?.getAttribute('src')).toContain(doctor.avatarId);
  expect(within(shown).getByRole('link', { name: doctor.name }).getAttribute('href')).toContain(doctor.id);
  for (const words of ['Dermatology', 'MD, FAAD', m['doctor.years']({ n: 14 }), 'German', 'English', '4.6', '12']) {
    expect(shown.textContent).toContain(words);
  }
});

it('shows the next free times that are still to come, each a way to book it', () => {
  const times = within(card()).getAllByRole('listitem');
  expect(times).toHaveLength(1);
  const [link] = within(times[0] ?? document.body).getAllByRole('link');
  expect(link?.getAttribute('href')).toContain(encodeURIComponent('2030-01-01T10:00:00.000Z'));
});

it('says so when no time is free, and shows none while offline', () => {
  expect(card({ nextFree: [] }).textContent).toContain(m['find.noFree']());
  document.body.replaceChildren();
  expect(within(card({}, false)).queryAllByRole('listitem')).toHaveLength(0);
});

it('leaves out what a doctor has not told', () => {
  const shown = card({ qualification: '', experienceYears: null, languages: [], avatarId: null });
  expect(shown.querySelector('img')).toBeNull();
  expect(shown.textContent).not.toContain('null');
});
