import type { Account } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { expect, it, vi } from 'vitest';
import { FormDraft } from '../account/form-drafts.ts';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import AppointmentActions from './AppointmentActions.svelte';
import { appointmentOf } from './testing/appointment.ts';

const patient: Account = {
  id: 'b'.repeat(24),
  role: 'patient',
  name: 'Ana Souza',
  email: 'ana@hospital.example',
  status: 'active',
  avatarId: null,
  timeZone: null,
};
const press = (name: string, place: string): Promise<boolean> =>
  fireEvent.click(screen.getByText(name, { selector: `${place} button span` }).closest('button') ?? document.body);

it('keeps the words of a change that was overtaken', async () => {
  let faster = true;
  const appointment = appointmentOf('2098-05-06T10:00:00.000Z', { changes: ['cancel'] });
  render(WithApp<ComponentProps<typeof AppointmentActions>>, {
    component: AppointmentActions,
    given: {
      appointment,
      hasProposal: false,
      ondeed: () => Promise.resolve(!faster),
      onpick: () => undefined,
    },
  });
  await press(m['visit.cancel'](), '.actions');
  await fireEvent.click(screen.getByRole('radio', { name: m['whyCancel.other']() }));
  const field = screen.getByRole('textbox');
  await fireEvent.input(field, { target: { value: 'I feel better' } });
  await press(m['visit.cancel'](), 'form');
  expect((await screen.findByRole('alert')).textContent).toContain(m['visit.wordsKept']());
  expect(screen.getByRole('textbox')).toMatchObject({ value: 'I feel better' });
  faster = false;
  await press(m['visit.cancel'](), 'form');
  await expect.poll(() => screen.queryByRole('textbox')).toBeNull();
});

it.each([
  // Told to the doctor in the doctor's language.
  ['patient', { reasonKind: 'private' }],
  ['doctor', { reason: 'I am away' }],
] as const)('tells why the %s cancels', async (myParty, why) => {
  const deeds: unknown[] = [];
  render(WithApp<ComponentProps<typeof AppointmentActions>>, {
    component: AppointmentActions,
    given: {
      appointment: appointmentOf('2098-05-06T10:00:00.000Z', { changes: ['cancel'], myParty }),
      hasProposal: false,
      ondeed: (deed: unknown) => Promise.resolve(deeds.push(deed) > 0),
      onpick: () => undefined,
    },
  });
  await press(m['visit.cancel'](), '.actions');
  if (myParty === 'doctor') {
    await press(m['visit.cancel'](), 'form');
    expect(deeds).toEqual([]);
    await fireEvent.input(screen.getByRole('textbox'), { target: { value: ' I am away ' } });
  }
  await press(m['visit.cancel'](), 'form');
  await expect.poll(() => deeds).toEqual([{ change: 'cancel', ...why }]);
});

/** A patient presses "Cancel" at an appointment. @returns what is done then */
async function askToCancel(): Promise<readonly unknown[]> {
  const deeds: unknown[] = [];
  render(WithApp<ComponentProps<typeof AppointmentActions>>, {
    component: AppointmentActions,
    given: {
      appointment: appointmentOf('2098-05-06T10:00:00.000Z', { changes: ['cancel'] }),
      hasProposal: false,
      ondeed: (deed: unknown) => Promise.resolve(deeds.push(deed) > 0),
      onpick: () => undefined,
    },
  });
  await press(m['visit.cancel'](), '.actions');
  return deeds;
}

it('lets a patient choose a sentence, or type one', async () => {
  const deeds = await askToCancel();
  expect(screen.queryByRole('textbox')).toBeNull();
  await fireEvent.click(screen.getByRole('radio', { name: m['whyCancel.other']() }));
  await press(m['visit.cancel'](), 'form');
  expect(screen.getAllByText(m['visit.needReason']()).length).toBeGreaterThan(0);
  expect(deeds).toEqual([]);
  const sentence = m['whyCancel.time']();
  await fireEvent.click(screen.getByRole('radio', { name: sentence }));
  await press(m['visit.cancel'](), 'form');
  await expect.poll(() => deeds).toEqual([{ change: 'cancel', reasonKind: 'time' }]);
});

it('sends the words that a patient types instead of a ready reason', async () => {
  const deeds = await askToCancel();
  await fireEvent.click(screen.getByRole('radio', { name: m['whyCancel.other']() }));
  await fireEvent.input(screen.getByRole('textbox'), { target: { value: ' I feel better ' } });
  await press(m['visit.cancel'](), 'form');
  await expect.poll(() => deeds).toEqual([{ change: 'cancel', reason: 'I feel better' }]);
});

it('begins with the usual reason where a choice was kept that there is no more', async () => {
  serve(() => ({ account: patient }));
  const app = App.create();
  await app.session.load();
  vi.unstubAllGlobals();
  const appointment = appointmentOf('2098-05-06T10:00:00.000Z', { changes: ['cancel'] });
  const draft = FormDraft.of(patient.id, `cancel.${appointment.id}`, { words: '', choice: 'private' });
  draft.keep({ words: '', choice: 'I would rather not say' });
  const given = { appointment, hasProposal: false, ondeed: () => Promise.resolve(true), onpick: () => undefined };
  render(WithApp<ComponentProps<typeof AppointmentActions>>, { app, component: AppointmentActions, given });
  await press(m['visit.cancel'](), '.actions');
  expect(screen.getByRole('radio', { name: m['whyCancel.private']() })).toMatchObject({ checked: true });
  sessionStorage.clear();
});
