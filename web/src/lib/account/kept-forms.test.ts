import { cleanup, fireEvent, render } from '@testing-library/svelte';
import { createRawSnippet, type ComponentProps } from 'svelte';
import { beforeEach, expect, it } from 'vitest';
import InviteDialog from '../admin/InviteDialog.svelte';
import { Invitations } from '../admin/invitations.svelte.ts';
import { serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { appointmentOf } from '../appointments/testing/appointment.ts';
import PickTime from '../appointments/PickTime.svelte';
import WordsDialog from '../appointments/WordsDialog.svelte';
import AmendForm from '../notes/AmendForm.svelte';
import { noteOf } from '../notes/testing/note.ts';
import AboutForm from '../profile/AboutForm.svelte';
import RatingForm from '../ratings/RatingForm.svelte';

const ana = 'a'.repeat(24);
const ben = 'b'.repeat(24);
const TIME = '2030-01-01T10:00:00.000Z';
const nothing = (): void => undefined;

async function signedIn(id: string): Promise<App> {
  serve(() => ({
    account: { id, role: 'doctor', name: 'A', email: 'a@b.co', status: 'active', avatarId: null, timeZone: null },
  }));
  const app = App.create();
  await app.session.load();
  return app;
}

/** Each form with the field that somebody writes into. */
const forms: readonly [string, string, (app: App) => HTMLElement][] = [
  [
    'words to an appointment',
    'textarea',
    (app) =>
      render(WithApp<ComponentProps<typeof WordsDialog>>, {
        app,
        component: WordsDialog,
        given: {
          open: true,
          about: 'cancel.1',
          subject: 'Ana Souza, today',
          title: 'Cancel',
          text: 'Why?',
          label: 'Words',
          submit: 'Cancel',
          run: () => Promise.resolve(undefined),
          onclose: nothing,
        },
      }).container,
  ],
  [
    'the words to another time',
    'textarea',
    (app) =>
      render(WithApp<ComponentProps<typeof PickTime>>, {
        app,
        component: PickTime,
        given: {
          appointment: appointmentOf(TIME, { myParty: 'doctor' }),
          what: 'move',
          time: undefined,
          ontime: nothing,
          hasProposal: false,
          ondone: nothing,
          onovertaken: () => Promise.resolve(),
          oncancel: nothing,
        },
      }).container,
  ],
  [
    'an amendment',
    'textarea',
    (app) =>
      render(WithApp<ComponentProps<typeof AmendForm>>, {
        app,
        component: AmendForm,
        given: { note: noteOf(), leftover: undefined, onamended: nothing, ondropped: nothing },
      }).container,
  ],
  [
    'a rating',
    'textarea',
    (app) =>
      render(WithApp<ComponentProps<typeof RatingForm>>, {
        app,
        component: RatingForm,
        given: { appointment: appointmentOf(TIME, { rateableUntil: TIME }), onrated: nothing },
      }).container,
  ],
  [
    'an invitation',
    'input[type="email"]',
    (app) =>
      render(WithApp<ComponentProps<typeof InviteDialog>>, {
        app,
        component: InviteDialog,
        given: { open: true, invitations: Invitations.create(app.call), onclose: nothing },
      }).container,
  ],
  [
    'a step of the profile',
    'textarea',
    (app) =>
      render(WithApp<ComponentProps<typeof AboutForm>>, {
        app,
        component: AboutForm,
        given: {
          profile: {
            role: 'doctor',
            name: 'A',
            onboarding: { skipped: [] },
            specialization: '',
            qualification: '',
            experienceYears: null,
            contactNumber: '',
            about: '',
            languages: [],
            timeZone: 'Europe/Berlin',
            schedule: [],
          },
          save: () => Promise.resolve(),
          actions: createRawSnippet(() => ({ render: () => '<span></span>' })),
        },
      }).container,
  ],
];

beforeEach(() => sessionStorage.clear());

it.each(forms)(
  '%s: what was typed is there again for its author, and for nobody else (R34)',
  async (_what, field, show) => {
    const typed = 'a@clinic.org';
    const valueIn = (container: HTMLElement): string | undefined =>
      container.querySelector<HTMLInputElement | HTMLTextAreaElement>(field)?.value;
    const first = show(await signedIn(ana));
    await fireEvent.input(first.querySelector(field) ?? document.body, { target: { value: typed } });
    cleanup();
    expect(valueIn(show(await signedIn(ana)))).toBe(typed);
    cleanup();
    expect(valueIn(show(await signedIn(ben)))).toBe('');
  },
);
