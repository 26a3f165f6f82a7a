import { cleanup, render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import ChartFacts from './ChartFacts.svelte';

const chartOf = (allergies: string[] | null, avatarId: string | null = null) => ({
  patient: {
    id: 'a'.repeat(24),
    name: 'Ana Souza',
    avatarId,
    dateOfBirth: '1980-02-01',
    gender: '',
    bloodGroup: null,
    allergies,
    contactNumber: '',
    emergencyContact: [],
  },
});

it('tells a patient without allergies from one who was not asked', () => {
  const told = (allergies: string[] | null): string => {
    cleanup();
    render(ChartFacts, chartOf(allergies));
    return screen.getByRole('group', { name: m['patients.allergies']() }).textContent;
  };
  expect(told(null)).toContain(m['complete.chartUnasked']());
  expect(told([])).toContain(m['complete.chartNone']());
});

it('shows the picture of the patient', () => {
  const { container } = render(ChartFacts, chartOf([], 'b'.repeat(24)));
  expect(container.querySelector('img')?.getAttribute('src')).toContain('b'.repeat(24));
});

it('shows a chart in which an allergy stands twice', () => {
  const allergies = ['Penicillin', 'Nuts', 'Penicillin'];
  render(ChartFacts, chartOf(allergies));
  expect(allergies.map((allergy) => screen.getAllByText(allergy).length)).toEqual([2, 1, 2]);
});
