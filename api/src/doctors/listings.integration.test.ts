import { doctorEndpoints } from '@health-connect/contract';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer } from '../testing/test-server.ts';

let server: TestServer;
let desk: BookingDesk;

const listed = async (term: string) => {
  const response = await server.call('GET', `/api/doctors?term=${encodeURIComponent(term)}`);
  return doctorEndpoints.search.response.parse(await response.json()).doctors;
};

beforeAll(async () => {
  server = await TestServer.start();
  desk = BookingDesk.create(server);
});
afterAll(() => server.close());

describe('listings of the directory', () => {
  it('are made of everybody although one cannot be made', async () => {
    const broken = await desk.doctor('Broken', { timeZone: 'IST' });
    await desk.doctor('Whole');
    await server.application.runJob('refresh directory');
    expect((await listed('whole')).map(({ name }) => name)).toEqual(['Whole']);
    await desk.schedule(broken, [], { timeZone: 'Asia/Kolkata' });
    await server.application.runJob('refresh directory');
    expect(await listed('broken')).toHaveLength(1);
  });

  it.each(['/api/doctors?free=week&timeZone=IST', '/api/doctors/%s/slots?from=2027-01-12&timeZone=IST'])(
    'are not asked for in a zone that means several places: %s',
    async (path) => {
      const { id } = await desk.doctor('Asked');
      const response = await server.call('GET', path.replace('%s', id));
      expect(response.status).toBe(400);
    },
  );
});
