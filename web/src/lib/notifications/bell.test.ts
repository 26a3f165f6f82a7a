import { NOTIFICATION_KINDS, type Notification } from '@health-connect/contract';
import { describe, expect, it, vi } from 'vitest';
import { createApiClient } from '../api/client.ts';
import { Emitter } from '../emitter.ts';
import { Bell, hasBell } from './bell.svelte.ts';
import { notificationWords } from './notification-words.ts';
import { notificationOf } from './testing/notification.ts';

type SocketEvents = {
  connected: undefined;
  'notification.added': { readonly notification: Notification; readonly unread: number };
  'notification.read': { readonly from?: string | undefined; readonly upTo: string; readonly unread: number };
};

interface Sent {
  readonly url: string;
  readonly body: unknown;
}

/** A bell at a server whose answers are given one by one. */
function setUp() {
  const sent: Sent[] = [];
  const waiting: ((body: unknown) => void)[] = [];
  const call = createApiClient({
    refreshSession: () => Promise.resolve(false),
    onSignInEnded: () => Promise.resolve(false),
    fetch: (input, init) => {
      sent.push({
        url: typeof input === 'string' ? input : '',
        body: typeof init?.body === 'string' ? JSON.parse(init.body) : undefined,
      });
      return new Promise((resolve) => {
        waiting.push((body) => resolve(new Response(JSON.stringify(body))));
      });
    },
  });
  const told: string[] = [];
  const onRead = vi.fn<() => void>();
  const bell = Bell.create(call, { onNews: ({ id }) => told.push(id), onRead });
  const socket = new Emitter<SocketEvents>();
  const stop = bell.follow(socket);
  const answer = (body: unknown): void => waiting.shift()?.(body);
  return { bell, socket, stop, sent, told, answer, onRead };
}

const page = (notifications: readonly Notification[], unread: number, next: string | null = null) => ({
  notifications,
  unread,
  next,
});

describe('the bell', () => {
  it('reads what is stored with each connection of the socket', async () => {
    const { bell, socket, answer, sent } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('1')], 4));
    await expect.poll(() => bell.list.items?.length).toBe(1);
    expect(bell.unread).toBe(4);
    socket.emit('connected', undefined);
    answer(page([notificationOf('2'), notificationOf('1')], 5));
    await expect.poll(() => bell.unread).toBe(5);
    expect(sent).toHaveLength(2);
  });

  it('counts what comes in while the page is open, once, and tells of it', async () => {
    const { bell, socket, answer, told } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('1')], 1));
    await expect.poll(() => bell.unread).toBe(1);
    const fresh = notificationOf('2');
    socket.emit('notification.added', { notification: fresh, unread: 2 });
    socket.emit('notification.added', { notification: fresh, unread: 2 });
    expect(bell.unread).toBe(2);
    expect(bell.list.items?.map(({ id }) => id)).toEqual([fresh.id, notificationOf('1').id]);
    expect(told[0]).toBe(fresh.id);
  });

  it('stands in the order of the server, whichever of two comes in first: all are read up to the newest', async () => {
    const { bell, socket, answer } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('1')], 1));
    await expect.poll(() => bell.unread).toBe(1);
    for (const id of ['3', '2']) socket.emit('notification.added', { notification: notificationOf(id), unread: 3 });
    expect(bell.list.items?.map(({ id }) => id)).toEqual(['3', '2', '1'].map((id) => notificationOf(id).id));
  });

  it('lists what the person did themselves, without a word and without counting it', async () => {
    const { bell, socket, answer, told } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('1')], 1));
    await expect.poll(() => bell.unread).toBe(1);
    const own = notificationOf('2', { byYou: true, readAt: '2030-01-01T09:00:00.000Z' });
    socket.emit('notification.added', { notification: own, unread: 1 });
    expect(bell.list.items?.map(({ id }) => id)).toEqual([own.id, notificationOf('1').id]);
    expect([bell.unread, told]).toEqual([1, []]);
  });

  it('does not let an answer that was on its way take news back', async () => {
    const { bell, socket, answer, sent } = setUp();
    socket.emit('connected', undefined);
    socket.emit('notification.added', { notification: notificationOf('2'), unread: 2 });
    answer(page([notificationOf('1')], 1));
    await expect.poll(() => sent.length).toBe(2);
    expect(bell.unread).toBe(2);
    answer(page([notificationOf('2'), notificationOf('1')], 2));
    await expect.poll(() => bell.list.items?.length).toBe(2);
    expect(bell.unread).toBe(2);
  });

  it('marks one and all older ones as read', async () => {
    const { bell, socket, answer, sent, onRead } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('3'), notificationOf('2'), notificationOf('1')], 3));
    await expect.poll(() => bell.unread).toBe(3);
    const reading = bell.readUpTo(notificationOf('2'));
    answer({ unread: 1 });
    await reading;
    expect(sent[1]).toEqual({ url: '/api/notifications/read', body: { upTo: notificationOf('2').id } });
    expect(bell.unread).toBe(1);
    expect(bell.list.items?.map(({ readAt }) => readAt === null)).toEqual([true, false, false]);
    expect(onRead).toHaveBeenCalledOnce();
  });

  it('marks one alone as read', async () => {
    const { bell, socket, answer, sent } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('3'), notificationOf('2'), notificationOf('1')], 3));
    await expect.poll(() => bell.unread).toBe(3);
    const { id } = notificationOf('2');
    const reading = bell.read(notificationOf('2'));
    answer({ unread: 2 });
    await reading;
    expect(sent[1]).toEqual({ url: '/api/notifications/read', body: { from: id, upTo: id } });
    expect(bell.list.items?.map(({ readAt }) => readAt === null)).toEqual([true, false, true]);
  });

  it('has as read what the person read on another device', async () => {
    const { bell, socket, answer, sent, onRead } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('3'), notificationOf('2'), notificationOf('1')], 3));
    await expect.poll(() => bell.unread).toBe(3);
    const { id } = notificationOf('2');
    const unread = () => bell.list.items?.map(({ readAt }) => readAt === null);
    socket.emit('notification.read', { from: id, upTo: id, unread: 2 });
    expect([bell.unread, unread()]).toEqual([2, [true, false, true]]);
    socket.emit('notification.read', { upTo: notificationOf('3').id, unread: 0 });
    expect([bell.unread, unread()]).toEqual([0, [false, false, false]]);
    // Nothing is asked for it, and other tabs hear it themselves.
    expect([sent.length, onRead.mock.calls.length]).toEqual([1, 0]);
  });

  it('counts what comes in while something is being marked as read', async () => {
    const { bell, socket, answer, sent } = setUp();
    socket.emit('connected', undefined);
    answer(page([notificationOf('1')], 1));
    await expect.poll(() => bell.unread).toBe(1);
    const reading = bell.read(notificationOf('1'));
    socket.emit('notification.added', { notification: notificationOf('2'), unread: 2 });
    // Written before the new one was there.
    answer({ unread: 0 });
    await reading;
    await expect.poll(() => sent.length).toBe(3);
    answer(page([notificationOf('2'), notificationOf('1', { readAt: '2030-01-01T09:00:00.000Z' })], 1));
    await expect.poll(() => bell.unread).toBe(1);
    expect(bell.list.items?.map(({ readAt }) => readAt === null)).toEqual([true, false]);
  });

  it('is told nothing more when the sign-in is over', () => {
    const { bell, socket, stop } = setUp();
    stop();
    socket.emit('notification.added', { notification: notificationOf('2'), unread: 2 });
    expect(bell.unread).toBe(0);
  });

  it('is there for who has appointments only', () => {
    const roles = ['doctor', 'patient', 'staff', 'administrator'] as const;
    expect(roles.filter((role) => hasBell({ role, status: 'active' }))).toEqual(['doctor', 'patient']);
    expect(hasBell({ role: 'doctor', status: 'pending' })).toBe(false);
  });
});

const BEFORE = new Date('2030-01-01T00:00:00.000Z');

it.each(NOTIFICATION_KINDS)('there are words for %s, with the name and the time', (kind) => {
  const words = notificationWords(notificationOf('1', { kind }), BEFORE);
  expect(words).toContain('Dr Lima');
  expect(words).toMatch(/\d/);
});

const DONE = NOTIFICATION_KINDS.filter((kind) => !/expired|reminder|note/.test(kind));

it.each(DONE)('who did it is told %s in words of their own, with the name and the time', (kind) => {
  const words = notificationWords(notificationOf('1', { kind, byYou: true }), BEFORE);
  expect(words).toMatch(/^You .*Dr Lima.*\d/);
  expect(words).not.toBe(notificationWords(notificationOf('1', { kind }), BEFORE));
});
