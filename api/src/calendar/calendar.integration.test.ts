import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toStoredId } from '../database/ids.ts';
import { expectRefusal } from '../testing/answers.ts';
import { readCalendar } from '../testing/calendar-reader.ts';
import { TestNews } from '../testing/test-news.ts';
import { TestServer, type Person } from '../testing/test-server.ts';

const DAY_MINUTES = 24 * 60;

let server: TestServer;
let news: TestNews;
let doctor: Person;
let patient: Person;

beforeAll(async () => {
  server = await TestServer.start();
  // Calendars know no fractions of a second.
  server.clock.set(Math.floor(server.clock.now() / 1000) * 1000);
  news = await TestNews.of(server);
});
afterAll(() => server.close());
beforeEach(async () => {
  [doctor, patient] = [await server.person('doctor', 'Dr Lima'), await server.person('patient', 'Pia Noor')];
});

describe('the calendar entry of an appointment', () => {
  it('is fetched as a file by its two sides alone, as it stands', async () => {
    const colleague = await server.person('doctor', 'Dr Cole');
    const colleagueIds = [toStoredId(colleague.id)];
    const first = await server.appointment(doctor, patient, 3 * DAY_MINUTES, {});
    await news.set(first, { colleagueIds });
    await news.tell(first, 'confirm', 'doctor');
    const { calendarUid } = await news.appointment(first);
    const fetched = async (person: Person, id: string) => {
      const cookie = await server.signIn(person);
      const response = await server.call('GET', `/api/appointments/${id}/calendar`, { cookie });
      expect(response.status).toBe(200);
      return readCalendar(z.strictObject({ ics: z.string() }).parse(await response.json()).ics);
    };
    const confirmed = { method: 'PUBLISH', uid: calendarUid, sequence: 0, status: 'CONFIRMED', attendees: [] };
    expect(await fetched(patient, first)).toMatchObject(confirmed);
    expect(await fetched(doctor, first)).toMatchObject(confirmed);
    const proposal = { status: 'pending', replacesId: first, calendarUid } as const;
    const second = await server.appointment(doctor, patient, 4 * DAY_MINUTES, proposal);
    const [before, after] = [await news.appointment(first), await news.appointment(second)];
    const proposed = await fetched(patient, second);
    expect(proposed).toMatchObject({ ...confirmed, startsAt: before.startsAt.toISOString() });
    expect(proposed.event.description).toContain('Another time was proposed');
    await news.set(first, { status: 'rescheduled', movedToId: toStoredId(second) });
    await news.set(second, { status: 'scheduled' });
    await news.tell(second, 'confirm', 'doctor', first);
    for (const id of [first, second]) {
      expect(await fetched(patient, id)).toMatchObject({
        ...confirmed,
        sequence: 1,
        startsAt: after.startsAt.toISOString(),
      });
    }
    const path = `/api/appointments/${first}/calendar`;
    for (const person of [colleague, await server.person('doctor', 'Dr Else'), await server.person('patient', 'Pat')]) {
      await expectRefusal(await server.call('GET', path, { cookie: await server.signIn(person) }), 403, 'forbidden');
    }
    const downloads = { resourceId: first, action: 'download', detail: 'calendar' };
    expect(await server.database.connection.collection('audit_entries').countDocuments(downloads)).toBeGreaterThan(0);
  });
});
