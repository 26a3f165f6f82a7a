import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;

let server: TestServer;
let news: TestNews;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  news = await TestNews.of(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
  news.published.length = 0;
});

describe('a change of an appointment', () => {
  it('shows on open pages once it has been committed, with the number of unread ones', async () => {
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    await news.tell(id, 'confirm', 'doctor');
    await news.tell(id, 'cancel', 'doctor');
    await vi.waitFor(() => expect(news.published).toHaveLength(4), 10_000);
    const shownTo = ({ id: accountId }: Person) =>
      news.published.filter(({ accountIds }) => accountIds[0] === accountId);
    const line = { kind: 'cancelled', appointmentId: id };
    expect(shownTo(patient).at(-1)).toMatchObject({
      name: 'notification.added',
      payload: { notification: { ...line, byYou: false, otherName: 'Dr Lima', readAt: null }, unread: 2 },
    });
    const readAt = new Date(server.clock.now()).toISOString();
    expect(shownTo(doctor).at(-1)).toMatchObject({
      name: 'notification.added',
      payload: { notification: { ...line, byYou: true, otherName: 'Pia Noor', readAt }, unread: 0 },
    });
  });

  it('leaves nothing behind, and shows nothing, when the change is not committed', async () => {
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    const appointment = await news.appointment(id);
    const attempt = server.database.transaction(async (transaction) => {
      await news.services.news.write({ change: 'confirm', by: 'doctor', appointment }, transaction);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    const { connection } = server.database;
    const toBoth = { accountId: { $in: [doctor.id, patient.id].map(toStoredId) } };
    expect(await connection.collection('notifications').countDocuments(toBoth)).toBe(0);
    expect(await connection.collection('reminders').countDocuments({ appointmentId: toStoredId(id) })).toBe(0);
    for (const { email } of [doctor, patient]) expect(await news.mailsTo(email)).toEqual([]);
    expect((await news.appointment(id)).calendarSequence).toBe(0);
    expect(news.published).toEqual([]);
  });

  it('is told once where a proposal ends only because the appointment did that it would replace', async () => {
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES);
    const { calendarUid } = await news.appointment(first);
    const proposal = { status: 'pending', replacesId: first, calendarUid } as const;
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, proposal);
    await news.set(first, { status: 'cancelled' });
    await news.tell(first, 'cancel', 'patient');
    await news.set(second, { status: 'cancelled' });
    for (const change of ['cancel', 'expire'] as const) await news.tell(second, change, 'system');
    for (const { id, email } of [doctor, patient]) {
      const lines = server.database.connection.collection('notifications').find({ accountId: toStoredId(id) });
      expect(await lines.map(({ kind }) => String(kind)).toArray()).toEqual(['cancelled']);
      expect(await news.mailsTo(email)).toHaveLength(1);
    }
  });

  it('says nothing of why the patient comes, nor what was said (privacy)', async () => {
    const secret = 'secret-rash-on-both-arms';
    const ending = { change: 'cancel' as const, by: 'patient' as const, reason: secret, at: new Date() };
    const parts = { reason: secret, comment: secret, review: secret, ending };
    const id = await server.appointment(doctor, patient, 3 * DAY_MINUTES, parts);
    for (const change of ['request', 'confirm', 'cancel', 'decline', 'expire', 'miss', 'complete'] as const) {
      await news.tell(id, change, 'system');
    }
    const mails = [...(await news.mailsTo(doctor.email)), ...(await news.mailsTo(patient.email))];
    expect(mails.length).toBeGreaterThan(10);
    expect(JSON.stringify(mails)).not.toContain(secret);
    const stored = await server.database.connection.collection('notifications').find().toArray();
    expect(JSON.stringify(stored)).not.toContain(secret);
  });
});
