import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import ProposalNotice from './ProposalNotice.svelte';
import { answeredAppointment } from './testing/appointment.ts';

const STARTS_AT = new Date(2098, 4, 6, 10).toISOString();

it.each([
  ['one who offered it, that they did', 'patient', () => [m['visit.proposalSee'](), 'You offered another time']],
  ['the other one, who did, and asks for an answer', 'doctor', () => [m['visit.proposalAnswer'](), 'Ana Souza offers']],
  ['a colleague, who did, and asks for nothing', 'colleague', () => [m['visit.proposalSee'](), 'Ana Souza offers']],
] as const)('an offer of another time tells %s', (_what, myParty, expected) => {
  const proposal = answeredAppointment(STARTS_AT, {
    status: 'pending',
    awaiting: 'doctor',
    proposedBy: 'patient',
    replacesId: 'c'.repeat(24),
    myParty,
  });
  const { container } = render(ProposalNotice, { proposal });
  const [way, words] = expected();
  expect(screen.getByRole('link').textContent.trim()).toBe(way);
  expect(container.textContent.replaceAll(/[\u2068\u2069]/g, '')).toContain(words);
});
