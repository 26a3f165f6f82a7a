import type { Profile, ProfileChange } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet, type ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import HealthForm from './HealthForm.svelte';
import { patientProfileOf } from './testing/patient-profile.ts';

type Patient = Extract<Profile, { role: 'patient' }>;

function show(allergies: Patient['allergies']): readonly ProfileChange[] {
  const saved: ProfileChange[] = [];
  render(WithApp<ComponentProps<typeof HealthForm>>, {
    component: HealthForm,
    given: {
      profile: patientProfileOf({ allergies }),
      save: (change: ProfileChange) => Promise.resolve(void saved.push(change)),
      actions: createRawSnippet(() => ({ render: () => '<span></span>' })),
    },
  });
  return saved;
}
const choice = (label: string): HTMLElement => screen.getByRole('radio', { name: label });
const save = (): Promise<boolean> => fireEvent.click(screen.getByRole('button', { name: m['profile.save']() }));
const linkOf = (text: string): string | null => screen.getByRole('link', { name: text }).getAttribute('href');

it('takes silence for no answer: a patient has to say that there are no allergies', async () => {
  const saved = show(null);
  expect(screen.getAllByRole('radio').filter((radio) => radio.matches(':checked'))).toEqual([]);
  await save();
  expect(saved).toEqual([]);
  const none = choice(m['complete.noAllergies']());
  expect(linkOf(m['complete.needAnswer']())).toBe(`#${none.id}`);
  await fireEvent.click(none);
  await save();
  expect(saved).toEqual([{ role: 'patient', bloodGroup: null, allergies: [] }]);
});

it('asks which ones, and keeps them apart', async () => {
  const saved = show(null);
  await fireEvent.click(choice(m['complete.someAllergies']()));
  await save();
  const field = screen.getByLabelText(m['profile.allergies']());
  expect(linkOf(m['complete.needAllergies']())).toBe(`#${field.id}`);
  await fireEvent.input(field, { target: { value: 'Nuts\n Latex ' } });
  await save();
  expect(saved).toEqual([{ role: 'patient', bloodGroup: null, allergies: ['Nuts', 'Latex'] }]);
});

it.each([
  [[], m['complete.noAllergies']()],
  [['Nuts'], m['complete.someAllergies']()],
])('shows what was answered: %j', (allergies, label) => {
  show(allergies);
  expect(choice(label).matches(':checked')).toBe(true);
});
