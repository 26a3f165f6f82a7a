import { render } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '#lib/paraglide/messages.js';
import InvitationPage from './testing/InvitationPage.svelte';

it.each([
  ['active', () => [m['invitation.doneTitle'](), true]],
  ['pending', () => [m['pending.title'](), false]],
] as const)('an invited account that is %s is told so', async (status, expected) => {
  const { container, findByRole, queryByRole } = render(InvitationPage, { status });
  expect(container.textContent).toContain(m['invitation.asDoctor']());
  const form = container.querySelector('form');
  const type = (selector: string, value: string): void => {
    const field = container.querySelector<HTMLInputElement>(selector);
    if (field === null) throw new Error(`${selector} is missing`);
    field.value = value;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  type('#invitation-name', 'Dr. Noa Stern');
  type('#invitation-password', 'a boat on the lake at night');
  form?.requestSubmit();
  const heading = await findByRole('heading');
  expect([heading.textContent, queryByRole('link') !== null]).toEqual(expected());
});
