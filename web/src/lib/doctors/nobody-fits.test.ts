import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import type { DoctorFilter } from './doctor-filter.ts';
import NobodyFits from './NobodyFits.svelte';

const filter: DoctorFilter = { sort: 'name', term: 'nothing', mode: 'chat', language: 'Welsh' };

/** @param counts how many fit when the field is left out; a field without one fails */
function show(counts: Partial<Record<'term' | 'mode' | 'language', number>>) {
  const onchange = vi.fn();
  const directory = {
    countOf: (asked: DoctorFilter): Promise<number> => {
      const left = (['term', 'mode', 'language'] as const).find((field) => asked[field] === undefined);
      const count = left === undefined ? undefined : counts[left];
      return count === undefined ? Promise.reject(new TypeError('Failed to fetch')) : Promise.resolve(count);
    },
  };
  render(NobodyFits, { directory, filter, onchange });
  return onchange;
}
const buttons = (): string[] => screen.queryAllByRole('button').map(({ textContent }) => textContent.trim());

it('offers to leave out only what would give somebody', async () => {
  const onchange = show({ term: 0, mode: 2, language: 0 });
  const words = m['find.dropGives']({ filter: m['appointment.chat'](), n: 2 });
  await expect.poll(buttons).toEqual([words]);
  await fireEvent.click(screen.getByRole('button'));
  expect(onchange).toHaveBeenCalledWith({ sort: 'name', term: 'nothing', language: 'Welsh' });
});

it('offers to clear everything where leaving out one thing is not enough', async () => {
  const onchange = show({ term: 0, mode: 0, language: 0 });
  await expect.poll(buttons).toEqual([m['find.clear']()]);
  expect(screen.getByText(m['find.noneAtAll']())).toBeTruthy();
  await fireEvent.click(screen.getByRole('button'));
  expect(onchange).toHaveBeenCalledWith({ sort: 'name' });
});

it('offers all of them where nobody knows what they would give', async () => {
  show({ term: 0 });
  await expect.poll(() => buttons().length).toBe(3);
});
