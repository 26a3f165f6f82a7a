import { EMERGENCY_CONTACTS_MAX, type ProfileChange } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { createRawSnippet, type ComponentProps } from 'svelte';
import { expect, it } from 'vitest';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import EmergencyForm from './EmergencyForm.svelte';
import { patientProfileOf } from './testing/patient-profile.ts';

const contact = (name: string) => ({ name, relationship: 'sister', phone: '030 1234' });
function show(...names: string[]) {
  const saved: ProfileChange[] = [];
  render(WithApp<ComponentProps<typeof EmergencyForm>>, {
    component: EmergencyForm,
    given: {
      profile: patientProfileOf({ emergencyContact: names.map(contact) }),
      save: (change: ProfileChange) => Promise.resolve(void saved.push(change)),
      actions: createRawSnippet(() => ({ render: () => '<span></span>' })),
    },
  });
  return saved;
}
const names = (): HTMLElement[] => screen.queryAllByLabelText(m['signup.name']());
const press = (text: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(text).closest('button') ?? document.body);

it('edits, removes and adds people, and saves all of them', async () => {
  const saved = show('Bea', 'Cleo', 'Dana');
  expect(names().map((field) => field.getAttribute('id') !== null)).toEqual([true, true, true]);
  await fireEvent.input(names()[2] ?? document.body, { target: { value: 'Diana' } });
  const removal = m['schedule.removeNamed']({ what: m['profile.contactNumbered']({ n: '2' }) });
  await fireEvent.click(screen.getByLabelText(removal));
  await press(m['profile.addContact']());
  const [, , added] = names();
  expect(document.activeElement).toBe(added);
  await press(m['profile.save']());
  expect(saved).toEqual([]);
  const contactThree = m['profile.contactNumbered']({ n: '3' });
  const problem = m['profile.needContactName']();
  const link = screen.getByText(m['profile.contactProblem']({ contact: contactThree, problem }));
  expect(link.getAttribute('href')).toBe(`#${added?.id}`);
  await fireEvent.input(added ?? document.body, { target: { value: 'Eve' } });
  await fireEvent.input(screen.getAllByLabelText(m['profile.phone']())[2] ?? document.body, {
    target: { value: '030 99' },
  });
  await press(m['profile.save']());
  await expect
    .poll(() => saved)
    .toEqual([
      {
        role: 'patient',
        emergencyContact: [contact('Bea'), contact('Diana'), { name: 'Eve', relationship: '', phone: '030 99' }],
      },
    ]);
});

it('takes as many as the server, and lets the last one go', async () => {
  const saved = show('A', 'B', 'C', 'D');
  await press(m['profile.addContact']());
  expect(names()).toHaveLength(EMERGENCY_CONTACTS_MAX);
  expect(screen.queryByText(m['profile.addContact']())).toBeNull();
  for (let left = EMERGENCY_CONTACTS_MAX; left > 0; left -= 1) {
    await fireEvent.click(screen.getAllByText(m['schedule.remove']())[0]?.closest('button') ?? document.body);
  }
  await press(m['profile.save']());
  await expect.poll(() => saved).toEqual([{ role: 'patient', emergencyContact: [] }]);
});
