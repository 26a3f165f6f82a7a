import { expect } from 'vitest';
import { findBreaches } from '../booking/integrity.ts';
import { IntegrityRepository } from '../booking/integrity.repository.ts';
import type { TestServer } from './test-server.ts';

/** Of what was booked at a server nothing may be orphaned or given away twice (B2). */
export async function expectWhole(server: TestServer): Promise<void> {
  expect(await findBreaches(IntegrityRepository.create(server.database.connection))).toEqual([]);
}

/** Closes a server on which time was booked, and expects that all of it is whole. */
export async function closeWhole(server: TestServer): Promise<void> {
  await expectWhole(server);
  await server.close();
}
