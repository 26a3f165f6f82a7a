import { type ScheduleEffect } from '@health-connect/contract';
import { cleanup, fireEvent, render, screen, within } from '@testing-library/svelte';
import type { ComponentProps } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { refused, serve } from '../api/testing/server.ts';
import { App } from '../app/app.svelte.ts';
import WithApp from '../app/testing/WithApp.svelte';
import { m } from '../paraglide/messages.js';
import { accountOf } from '../session/testing/account.ts';
import { newHours, WEEKDAYS } from './schedule-draft.ts';
import { ScheduleEditing } from './schedule-editing.svelte.ts';
import ScheduleEditor from './ScheduleEditor.svelte';
import { affectedOf, effectOf, scheduleOf } from './testing/schedule.ts';

const schedule = scheduleOf({ timeZone: 'UTC' });
const affected = affectedOf('f'.repeat(24));

afterEach(() => {
  cleanup();
  sessionStorage.clear();
  vi.unstubAllGlobals();
});

/** The page of hours that are stored in version 3, at a server that tells this effect and answers a save with this. */
async function show(effect: ScheduleEffect, save: () => unknown = () => ({ schedule, version: 4, unclearZone: null })) {
  const asked = serve(({ method, path }) => {
    if (path.endsWith('/me')) return { account: accountOf('doctor') };
    if (path.endsWith('/preview')) return effect;
    return method === 'PUT' ? save() : { schedule: { ...schedule, furthestDays: 7 }, version: 9, unclearZone: null };
  });
  const app = App.create();
  await app.session.load();
  const editing = ScheduleEditing.create(app.call, { schedule, version: 3, unclearZone: null });
  const given = { editing };
  render(WithApp<ComponentProps<typeof ScheduleEditor>>, { app, component: ScheduleEditor, given });
  return { app, editing, saves: () => asked.filter(({ method }) => method === 'PUT').map(({ body }) => body) };
}
const press = async (name: string): Promise<void> => {
  const button = await screen.findByRole('button', { name });
  button.focus();
  await fireEvent.click(button);
};
const dialog = (): Promise<HTMLElement> => screen.findByRole('dialog');
const tab = (): string => screen.getByRole('tab', { selected: true }).textContent;

it('leads from what is wrong to its field, on whatever day and tab, and asks for no effect', async () => {
  const { editing, saves } = await show(effectOf());
  // Not today's, which is shown first.
  const tomorrow = WEEKDAYS[new Date().getUTCDay()] ?? 1;
  editing.draft.week[tomorrow].push({ ...newHours(undefined), start: '10:00', end: '09:00' });
  await fireEvent.click(screen.getByRole('tab', { name: m['schedule.preview']() }));
  expect(tab()).toBe(m['schedule.preview']());
  await press(m['schedule.save']());
  const [link] = await screen.findAllByRole('link', { name: new RegExp(m['schedule.needLater']()) });
  await fireEvent.click(link ?? document.body);
  await expect.poll(() => document.activeElement?.id).toMatch(/-end$/);
  expect(tab()).toBe(m['schedule.week']());
  expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true');
  expect(document.querySelector('#schedule-day')).toHaveProperty('value', String(tomorrow));
  expect([saves(), screen.queryByRole('dialog')]).toEqual([[], null]);
});

it('saves nothing before who is affected was shown, keeps them, and leads to each afterwards', async () => {
  const { editing, saves } = await show(effectOf({ affected: [affected] }));
  editing.draft.week[2].push({ ...newHours(undefined), start: '10:00', end: '12:00' });
  await press(m['schedule.save']());
  expect(within(await dialog()).getByText('Ana Souza')).toBeTruthy();
  expect(saves()).toEqual([]);
  await press(m['schedule.confirmKeep']({ n: 1 }));
  const way = await screen.findByRole('link', { name: m['schedule.moveNamed']({ name: 'Ana Souza' }) });
  expect(way.getAttribute('href')).toBe(`/appointments/${affected.id}`);
  expect(saves()).toMatchObject([{ version: 3, keep: [affected.id] }]);
  await expect
    .poll(() => document.activeElement?.contains(way) === true && document.activeElement !== document.body)
    .toBe(true);
});

it('offers no save where not everybody who is affected can be shown', async () => {
  const { editing, saves } = await show(effectOf({ affected: [affected], affectedTotal: 300 }));
  editing.draft.week[2].push({ ...newHours(undefined), start: '10:00', end: '12:00' });
  await press(m['schedule.save']());
  const inside = within(await dialog());
  expect(inside.getByText(m['schedule.tooManyAffected']({ n: 1 }))).toBeTruthy();
  expect(inside.queryByRole('button', { name: m['schedule.confirmKeep']({ n: 300 }) })).toBeNull();
  await press(m['schedule.back']());
  await expect.poll(() => screen.queryByRole('dialog')).toBeNull();
  expect([saves(), editing.changed]).toEqual([[], true]);
});

it.each([
  ['keeps mine', m['schedule.keepMine'], '60', true],
  ['shows theirs', m['schedule.takeTheirs'], '7', false],
] as const)(
  'tells of a change elsewhere, where the focus then is, and %s, with the focus at the hours',
  async (_what, button, days, changed) => {
    const { editing } = await show(effectOf(), () => refused('version_conflict'));
    editing.draft.week[2].push({ ...newHours(undefined), start: '10:00', end: '12:00' });
    await press(m['schedule.save']());
    await dialog();
    await press(m['schedule.confirmSave']());
    const told = await screen.findByRole('alert');
    expect(told.textContent).toContain(m['schedule.conflict']());
    await expect.poll(() => document.activeElement).toBe(told.parentElement);
    await press(button());
    expect([editing.draft.furthestDays, editing.changed, screen.queryByRole('alert')]).toEqual([days, changed, null]);
    await expect.poll(() => document.activeElement?.getAttribute('role')).toBe('tab');
  },
);

it('keeps what is typed through a reload, and nothing once it was undone', async () => {
  const first = await show(effectOf());
  first.editing.draft.week[2].push({ ...newHours(undefined), start: '10:00', end: '12:00' });
  await screen.findByText(m['schedule.unsaved']());
  cleanup();
  const { editing } = await show(effectOf());
  expect(editing.draft.week[2]).toMatchObject([{ start: '10:00' }]);
  await press(m['schedule.undo']());
  await expect.poll(() => document.activeElement?.getAttribute('role')).toBe('tab');
  cleanup();
  expect((await show(effectOf())).editing.changed).toBe(false);
});
