import { render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { m } from '../paraglide/messages.js';
import type { ShownState } from './slot-view.ts';
import SlotButton from './SlotButton.svelte';

const slot = {
  slotNumber: 4,
  date: '2030-01-01',
  startTime: '10:00',
  endTime: '10:20',
  startsAt: '2030-01-01T10:00:00.000Z',
  endsAt: '2030-01-01T10:20:00.000Z',
  modes: ['video', 'chat'] as ('video' | 'chat')[],
  state: 'free' as const,
};

function show(state: ShownState, modes = slot.modes, busyWho?: 'patient') {
  const onchoose = vi.fn();
  const shown = { slot: { ...slot, modes }, state, minute: 600 };
  render(SlotButton, {
    shown,
    time: '10:00',
    keptUntil: '9:30',
    namesMode: true,
    tabStop: true,
    onchoose,
    onfocus: vi.fn(),
    busyWho,
  });
  return { button: screen.getByRole('button'), onchoose };
}

it.each([
  ['free', m['slot.free'](), true],
  ['chosen', m['slot.chosen'](), true],
  ['held', m['slot.keptUntil']({ time: '9:30' }), true],
  ['taken', m['slot.taken'](), false],
  ['soon', m['slot.soon'](), false],
  ['past', m['slot.past'](), false],
  ['busy', m['slot.busy'](), false],
  ['other-mode', m['slot.onlyVideo'](), false],
] as const)('says in words that it is %s, and can be pressed only where it can be chosen', (state, word, choosable) => {
  const { button, onchoose } = show(state);
  expect(button.textContent).toContain('10:00');
  expect(button.textContent).toContain(word);
  button.click();
  expect(onchoose).toHaveBeenCalledTimes(choosable ? 1 : 0);
  expect(button.getAttribute('aria-disabled')).toBe(choosable ? null : 'true');
  // It keeps its place for the keyboard either way.
  expect(button.tabIndex).toBe(0);
});

it.each(['held', 'busy'] as const)('has a sign beside its words where an own one is what it is about: %s', (state) => {
  expect(show(state).button.querySelector('svg')).not.toBeNull();
});

it('names the one way of meeting that it has', () => {
  expect(show('free', ['chat']).button.textContent).toContain(m['slot.onlyChat']());
});

it('tells a doctor that it is the patient who is busy, and nothing more', () => {
  const { button } = show('busy', slot.modes, 'patient');
  expect(button.textContent).toContain(m['slot.patientBusy']());
  expect(button.textContent).not.toContain(m['slot.busy']());
  expect(button.getAttribute('aria-disabled')).toBe('true');
});
