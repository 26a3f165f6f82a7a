import { afterAll, beforeAll, expect, it } from 'vitest';
import { toStoredId } from '../database/ids.ts';
import { BookingDesk } from '../testing/booking-desk.ts';
import { TestServer } from '../testing/test-server.ts';
import { findBreaches } from './integrity.ts';
import { IntegrityRepository } from './integrity.repository.ts';

let server: TestServer;

beforeAll(async () => {
  server = await TestServer.start();
});
afterAll(() => server.close());

it('finds time that is kept for nobody', async () => {
  const { connection } = server.database;
  const desk = BookingDesk.create(server);
  const [doctor, patient] = [await desk.doctor('Doctor'), await server.person('patient', 'Patient')];
  const body = { doctorId: doctor.id, startsAt: desk.slot(3).startsAt.toISOString() };
  expect((await desk.post(await server.signIn(patient), '/api/holds', body)).status).toBe(201);
  const breaches = () => findBreaches(IntegrityRepository.create(connection));
  expect(await breaches()).toEqual([]);
  await connection.collection('holds').deleteOne({ _id: toStoredId(patient.id) });
  const cells = await connection.collection('time_claims').countDocuments({ owner: 'hold' });
  const kinds = (await breaches()).map(({ kind }) => kind);
  expect(kinds).toEqual(Array.from({ length: cells }, () => 'orphan-claim'));
  expect(cells).toBe(8);
});
