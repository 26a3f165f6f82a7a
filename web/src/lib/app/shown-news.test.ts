import type { Notification } from '@health-connect/contract';
import { expect, it } from 'vitest';
import { ShownNews } from './shown-news.ts';

const NEWS: Notification = {
  id: 'f'.repeat(24),
  kind: 'completed',
  byYou: false,
  at: '2030-01-01T10:00:00.000Z',
  readAt: null,
  appointmentId: 'a'.repeat(24),
  startsAt: '2030-01-01T09:30:00.000Z',
  timeZone: 'Europe/Berlin',
  otherName: 'Dr Lima',
};

it('has what the open page tells by itself, while it is open', async () => {
  const shown = ShownNews.create();
  const close = shown.add(({ kind, appointmentId }) => kind === 'completed' && appointmentId === NEWS.appointmentId);
  expect(await shown.has(NEWS)).toBe(true);
  expect(await shown.has({ ...NEWS, kind: 'note-shared' })).toBe(false);
  expect(await shown.has({ ...NEWS, appointmentId: 'b'.repeat(24) })).toBe(false);
  close();
  expect(await shown.has(NEWS)).toBe(false);
});

it('has not what cannot be found out, whatever else is open', async () => {
  const shown = ShownNews.create();
  shown.add(() => {
    throw new Error('offline');
  });
  expect(await shown.has(NEWS)).toBe(false);
  shown.add(() => Promise.resolve(true));
  expect(await shown.has(NEWS)).toBe(true);
});
