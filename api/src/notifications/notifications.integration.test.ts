import { notificationSchema, notificationSettingsSchema } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { newId, toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { AppSocketClient } from '../testing/app-socket-client.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const pageSchema = z.strictObject({
  notifications: z.array(notificationSchema.strict()),
  unread: z.number(),
  next: z.string().nullable(),
});
const DAY_MINUTES = 24 * 60;

let server: TestServer;
let news: TestNews;
let doctor: Person;

beforeAll(async () => {
  server = await TestServer.start();
  news = await TestNews.of(server);
  doctor = await server.person('doctor', 'Dr Lima');
});
afterAll(() => server.close());

async function page(cookie: string, before?: string) {
  const query = before === undefined ? '' : `?before=${before}`;
  const response = await server.call('GET', `/api/notifications${query}`, { cookie });
  expect(response.status).toBe(200);
  return pageSchema.parse(await response.json());
}

async function readUpTo(cookie: string, upTo: string): Promise<number> {
  const response = await server.call('POST', '/api/notifications/read', { cookie, body: { upTo } });
  expect(response.status).toBe(200);
  return z.strictObject({ unread: z.number() }).parse(await response.json()).unread;
}

/** A patient with so many notifications. */
async function patientWith(count: number): Promise<{ patient: Person; cookie: string; appointmentId: string }> {
  const patient = await server.person('patient', 'Pia Noor');
  const appointmentId = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
  for (let n = 0; n < count; n += 1) await news.tell(appointmentId, n % 2 === 0 ? 'confirm' : 'cancel', 'doctor');
  return { patient, cookie: await server.signIn(patient), appointmentId };
}

describe('what is under the bell', () => {
  it('comes newest first, page by page, each once, with the number of unread ones', async () => {
    const { cookie, appointmentId } = await patientWith(65);
    const seen: string[] = [];
    let [before, pages]: [string | undefined, number] = [undefined, 0];
    do {
      const { notifications, unread, next } = await page(cookie, before);
      expect(unread).toBe(65);
      expect(notifications.length).toBeLessThanOrEqual(30);
      seen.push(...notifications.map(({ id }) => id));
      [before, pages] = [next ?? undefined, pages + 1];
    } while (before !== undefined);
    expect(pages).toBe(3);
    expect(new Set(seen).size).toBe(65);
    expect(seen).toEqual([...seen].sort().reverse());
    const { notifications } = await page(cookie);
    expect(notifications[0]).toMatchObject({ kind: 'confirmed', otherName: 'Dr Lima', readAt: null, appointmentId });
  });

  it('ends with the page that is exactly full', async () => {
    const { cookie } = await patientWith(30);
    expect((await page(cookie)).next).toBeNull();
  });

  it('is read up to one of them; what came after stays unread', async () => {
    const { cookie } = await patientWith(5);
    const { notifications } = await page(cookie);
    expect(await readUpTo(cookie, notifications[2]?.id ?? '')).toBe(2);
    const { notifications: after, unread } = await page(cookie);
    expect(unread).toBe(2);
    expect(after.map(({ readAt }) => readAt === null)).toEqual([true, true, false, false, false]);
    const [firstReadAt] = after.slice(2).map(({ readAt }) => readAt);
    server.clock.advance(60_000);
    expect(await readUpTo(cookie, notifications[0]?.id ?? '')).toBe(0);
    expect((await page(cookie)).notifications[2]?.readAt).toBe(firstReadAt);
  });

  it('has what they did themselves as read from the beginning; lines from before there were such are about others', async () => {
    const { patient, cookie, appointmentId } = await patientWith(1);
    await news.tell(appointmentId, 'cancel', 'patient');
    const { notifications, unread } = await page(cookie);
    expect(unread).toBe(1);
    expect(notifications).toMatchObject([
      { kind: 'cancelled', byYou: true, readAt: new Date(server.clock.now()).toISOString() },
      { kind: 'confirmed', byYou: false, readAt: null },
    ]);
    const stored = server.database.connection.collection('notifications');
    await stored.updateMany({ accountId: toStoredId(patient.id) }, { $unset: { byYou: '' } });
    expect((await page(cookie)).notifications.map(({ byYou }) => byYou)).toEqual([false, false]);
  });

  it('is read alone, when only one is looked at', async () => {
    const { cookie } = await patientWith(4);
    const [, , third] = (await page(cookie)).notifications;
    const body = { from: third?.id, upTo: third?.id };
    expect((await server.call('POST', '/api/notifications/read', { cookie, body })).status).toBe(200);
    const { notifications, unread } = await page(cookie);
    expect([unread, notifications.map(({ readAt }) => readAt === null)]).toEqual([3, [true, true, false, true]]);
  });

  it("is read on all open pages of its owner, on whichever device they read it, and on nobody else's", async () => {
    const { patient, cookie } = await patientWith(4);
    const [, second] = (await page(cookie)).notifications;
    const phone = await AppSocketClient.connect(server.url, await server.signIn(patient));
    const other = await AppSocketClient.connect(server.url, await server.signIn(doctor));
    const othersTold = other.count('notification.read');
    const told = phone.next('notification.read');
    const range = { from: second?.id, upTo: second?.id };
    await server.call('POST', '/api/notifications/read', { cookie, body: range });
    expect(await told).toEqual({ ...range, unread: 3 });
    const toldAll = phone.next('notification.read');
    await readUpTo(cookie, second?.id ?? '');
    expect(await toldAll).toEqual({ upTo: second?.id, unread: 1 });
    expect(othersTold()).toBe(0);
    [phone, other].forEach((socket) => socket.close());
  });

  it("never reaches into somebody else's", async () => {
    const [mine, other] = [await patientWith(2), await patientWith(3)];
    const [newest] = (await page(other.cookie)).notifications;
    await readUpTo(mine.cookie, newest?.id ?? '');
    expect((await page(other.cookie)).unread).toBe(3);
    expect(
      (await page(mine.cookie, newest?.id)).notifications.every(
        ({ appointmentId }) => appointmentId === mine.appointmentId,
      ),
    ).toBe(true);
    expect(await readUpTo(mine.cookie, newId())).toBe(0);
  });

  it('is not for a doctor who is not approved yet, nor for others', async () => {
    const pending = await server.person('doctor', 'Dr Pending');
    const accounts = server.database.connection.collection('accounts');
    await accounts.updateOne({ _id: toStoredId(pending.id) }, { $set: { status: 'pending', approvedAt: null } });
    for (const who of [pending, await server.person('staff', 'Sam')]) {
      const cookie = await server.signIn(who);
      const response = await server.call('GET', '/api/notifications', { cookie });
      expect(response.status).toBe(403);
    }
    await expectRefusal(await server.call('GET', '/api/notifications'), 401, 'unauthenticated');
  });

  it('is forgotten by the database after 180 days', async () => {
    const indexes = await server.database.connection.collection('notifications').indexes();
    const retention = z.array(
      z.looseObject({ key: z.record(z.string(), z.unknown()), expireAfterSeconds: z.number().optional() }),
    );
    const ttl = retention.parse(indexes).filter(({ expireAfterSeconds }) => expireAfterSeconds !== undefined);
    expect(ttl).toMatchObject([{ key: { at: 1 }, expireAfterSeconds: 180 * 24 * 60 * 60 }]);
  });
});

describe('what somebody wants to be reminded of', () => {
  const settings = async (cookie: string) => {
    const response = await server.call('GET', '/api/notifications/settings', { cookie });
    return notificationSettingsSchema.parse(await response.json());
  };

  it('is everything, also by mail, until they choose; and then what they chose, in order and each once', async () => {
    const cookie = await server.signIn(await server.person('patient', 'Pia Noor'));
    const all = ['reminder-day', 'reminder-hour', 'reminder-minutes'];
    expect(await settings(cookie)).toEqual({ reminders: all, reminderMails: true });
    const body = { reminders: ['reminder-minutes', 'reminder-day', 'reminder-day'], reminderMails: false };
    const saved = { reminders: ['reminder-day', 'reminder-minutes'], reminderMails: false };
    const response = await server.call('PUT', '/api/notifications/settings', { cookie, body });
    expect(await response.json()).toEqual(saved);
    expect(await settings(cookie)).toEqual(saved);
  });

  it.each([
    { reminders: ['reminder-week'], reminderMails: true },
    { reminders: [] },
    { reminders: {}, reminderMails: 1 },
  ])('is not %j', async (body) => {
    const cookie = await server.signIn(doctor);
    await expectRefusal(
      await server.call('PUT', '/api/notifications/settings', { cookie, body }),
      400,
      'validation_failed',
    );
  });
});
