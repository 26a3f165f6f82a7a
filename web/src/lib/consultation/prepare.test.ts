import { ProductError } from '@health-connect/contract';
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import { CallView } from '../call/call-view.svelte.ts';
import { m } from '../paraglide/messages.js';
import Prepare from './Prepare.svelte';

const startsAt = '2030-01-01T10:00:00.000Z';
const appointment = appointmentOf(startsAt, { door: { state: 'open', opensAt: startsAt } });

afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

it('says why going back into the call by itself failed', async () => {
  const app = App.create();
  const call = CallView.create(app.call, 'c1');
  // As somebody sees it who comes back by a reload.
  const given = { call, appointment, returning: true, refusal: new ProductError('consultation_full') };
  render(WithApp<ComponentProps<typeof Prepare>>, { component: Prepare, given, app });
  expect(screen.getAllByText(m['prepare.full']()).length).toBeGreaterThan(0);
  await expect.poll(() => app.announcer.assertiveText).toContain(m['prepare.full']());
});

it('what keeps the camera from being used comes first, and into view', async () => {
  // This browser has neither cameras nor calls.
  vi.stubGlobal('isSecureContext', true);
  const seen = vi.spyOn(Element.prototype, 'scrollIntoView');
  const app = App.create();
  const given = { call: CallView.create(app.call, 'c1'), appointment, returning: false, refusal: undefined };
  render(WithApp<ComponentProps<typeof Prepare>>, { component: Prepare, given, app });
  await fireEvent.click(screen.getByRole('button', { name: m['prepare.turnOn']() }));
  const told = await screen.findByText(m['dev.oldBrowser']());
  const camera = screen.getByRole('button', { name: m['room.cameraOff']() });
  expect(told.compareDocumentPosition(camera)).toBe(Node.DOCUMENT_POSITION_FOLLOWING);
  expect(seen.mock.contexts.some((element) => element instanceof Element && element.contains(told))).toBe(true);
});
