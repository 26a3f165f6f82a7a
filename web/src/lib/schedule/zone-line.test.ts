import { render, screen } from '@testing-library/svelte';
import { expect, it } from 'vitest';
import { m } from '../paraglide/messages.js';
import ZoneLine from './ZoneLine.svelte';

const field = (): HTMLElement => screen.getByRole('combobox', { name: new RegExp(m['schedule.zoneField']()) });
const isFolded = (): boolean => field().closest('details') !== null;

it('folds the zone away where it is known', () => {
  render(ZoneLine, { timeZone: 'Europe/Berlin', unclear: null, error: undefined });
  expect(isFolded()).toBe(true);
});

it.each([
  ['means several places', 'CST'],
  ['is not known', null],
])('shows its field, with what is wrong, where what is stored %s, also once it was chosen', async (_why, unclear) => {
  const { rerender } = render(ZoneLine, { timeZone: '', unclear, error: 'Choose one' });
  const shown = field();
  expect(isFolded()).toBe(false);
  expect(screen.getByText('Choose one').closest('details')).toBeNull();
  // Nothing moves away from under the person's hands.
  await rerender({ timeZone: 'Europe/Berlin', unclear, error: undefined });
  expect(field()).toBe(shown);
  expect(isFolded()).toBe(false);
});

it('shows its field once the zone has gone', async () => {
  const { rerender } = render(ZoneLine, { timeZone: 'Europe/Berlin', unclear: null, error: undefined });
  await rerender({ timeZone: '', unclear: null, error: 'Choose one' });
  expect(isFolded()).toBe(false);
});

it('says what is stored where that means several places, and nothing else where it does not', () => {
  const { unmount } = render(ZoneLine, { timeZone: '', unclear: 'CST', error: undefined });
  expect(screen.getByText(m['schedule.zoneUnclear']({ zone: 'CST' }))).toBeTruthy();
  unmount();
  render(ZoneLine, { timeZone: '', unclear: null, error: undefined });
  expect(screen.queryByText(/several places/)).toBeNull();
});
