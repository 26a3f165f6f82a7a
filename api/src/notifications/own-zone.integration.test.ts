import { accountSchema } from '@health-connect/contract';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { appointmentTime } from '../appointments/wall-time.ts';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { readCalendar } from '../testing/calendar-reader.ts';
import { TestNews } from '../testing/test-news.ts';
import { PUBLIC_URL, TestServer, type Person } from '../testing/test-server.ts';

const HOUR_MS = 60 * 60_000;

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
});

/** An appointment in Berlin's wall time, so many hours from now. */
function appointment(hours: number, parts: object = {}): Promise<string> {
  const startsAt = new Date((Math.ceil(server.clock.now() / HOUR_MS) + hours) * HOUR_MS);
  return server.appointment(doctor, patient, 0, { ...appointmentTime(startsAt, 20, 'Europe/Berlin'), ...parts });
}

const tell = (cookie: string, timeZone: unknown) =>
  server.call('PUT', '/api/profile/time-zone', { cookie, body: { timeZone } });

async function browserOf(person: Person, timeZone: string): Promise<void> {
  expect((await tell(await server.signIn(person), timeZone)).status).toBe(200);
}

const partsOf = async ({ email }: Person): Promise<string[]> => {
  const mail = (await news.mailsTo(email)).at(-1);
  return [mail?.text ?? '', mail?.html ?? ''];
};

describe('the zone of a browser', () => {
  it('is kept with the own account, and told to its owner alone', async () => {
    const cookie = await server.signIn(patient);
    const own = async () => {
      const answer = await server.call('GET', '/api/auth/me', { cookie });
      return z.object({ account: accountSchema }).parse(await answer.json()).account.timeZone;
    };
    expect(await own()).toBeNull();
    expect((await tell(cookie, 'Pacific/Auckland')).status).toBe(200);
    expect(await own()).toBe('Pacific/Auckland');
    await tell(cookie, 'Asia/Kolkata');
    expect(await own()).toBe('Asia/Kolkata');
    const stored = await server.database.connection
      .collection('accounts')
      .find({ timeZone: { $type: 'string' } })
      .toArray();
    expect(stored.map(({ _id }) => String(_id))).toEqual([patient.id]);
    const administrator = await server.signIn(await server.person('administrator', 'Ada'));
    const listed = await server.call('POST', '/api/admin/accounts/search', {
      cookie: administrator,
      body: { text: patient.email },
    });
    const found = await listed.text();
    expect(found).toContain(patient.email);
    expect(found).not.toContain('Kolkata');
  });

  it.each(['Europe/Nowhere', '', 'x'.repeat(65), 7, null])('is not %j', async (timeZone) => {
    await expectRefusal(await tell(await server.signIn(patient), timeZone), 400, 'validation_failed');
  });
});

describe('mails about an appointment', () => {
  it("say the time in the patient's own zone, too, also of what was proposed, in text, HTML and calendar", async () => {
    await browserOf(patient, 'Pacific/Auckland');
    const first = await appointment(72);
    await news.tell(first, 'confirm', 'doctor');
    for (const part of await partsOf(patient)) {
      expect(part).toMatch(/Berlin time \(UTC\+0[12]:00\)/);
      expect(part).toMatch(/In your time zone: .*Auckland time \(UTC\+1[23]:00\)/);
    }
    for (const part of await partsOf(doctor)) expect(part).not.toContain('Auckland');
    const { calendarUid } = await news.appointment(first);
    const second = await appointment(96, { status: 'pending', replacesId: first, calendarUid });
    await news.tell(second, 'propose', 'doctor');
    for (const part of await partsOf(patient)) expect(part.match(/Auckland time/g)).toHaveLength(2);
    const mailed = (await news.mailsTo(patient.email)).at(-1)?.calendar?.content ?? '';
    expect(readCalendar(mailed).event.description).toMatch(/Another time was proposed[^]*Auckland time/);
  });

  it('say it in one zone as long as no other is known, or it shows the same time', async () => {
    const id = await appointment(72);
    await news.tell(id, 'confirm', 'doctor');
    for (const part of await partsOf(patient)) expect(part).not.toContain('In your time zone');
    await browserOf(patient, 'Europe/Paris');
    await news.tell(id, 'cancel', 'doctor');
    for (const part of await partsOf(patient)) expect(part).not.toContain('Paris');
  });

  it("say it in the zone of a doctor's hours, wherever their browser is", async () => {
    await server.database.connection
      .collection('doctors')
      .updateOne({ _id: toStoredId(doctor.id) }, { $set: { timeZone: 'America/New_York' } });
    await browserOf(doctor, 'Asia/Tokyo');
    const id = await appointment(72);
    await news.tell(id, 'confirm', 'doctor');
    for (const part of await partsOf(doctor)) {
      expect(part).toMatch(/Berlin time \(UTC\+0[12]:00\)/);
      expect(part).toMatch(/New York time \(UTC-0[45]:00\)/);
      expect(part).not.toContain('Tokyo');
      expect(part).toContain(`${PUBLIC_URL}/appointments/${id}`);
    }
    for (const part of await partsOf(patient)) expect(part).not.toContain('New York');
  });

  it('remind patients in their own zone, too', async () => {
    await browserOf(patient, 'Asia/Kathmandu');
    const id = await appointment(20);
    await news.tell(id, 'book', 'patient');
    server.clock.set((await news.appointment(id)).startsAt.getTime() - HOUR_MS / 2);
    await news.services.reminding.sendDue();
    const reminders = (await news.mailsTo(patient.email)).filter(
      ({ subject }) => subject === 'Your appointment is soon',
    );
    expect(reminders.map(({ text }) => /Kathmandu time \(UTC\+05:45\)/.test(text))).toEqual([true]);
  });
});
