import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import ChartFacts from './ChartFacts.svelte';

it('shows a chart in which an allergy stands twice', () => {
  const allergies = ['Penicillin', 'Nuts', 'Penicillin'];
  const patient = {
    id: 'a'.repeat(24),
    name: 'Ana Souza',
    avatarId: null,
    dateOfBirth: '1980-02-01',
    gender: '',
    bloodGroup: null,
    allergies,
    contactNumber: '',
    emergencyContact: [],
  };
  render(ChartFacts, { patient });
  expect(allergies.map((allergy) => screen.getAllByText(allergy).length)).toEqual([2, 1, 2]);
});
