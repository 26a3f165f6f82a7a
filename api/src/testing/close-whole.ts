import { expect } from 'vitest';
import { findBreaches } from '../booking/integrity.ts';
import { IntegrityRepository } from '../booking/integrity.repository.ts';
import type { TestServer } from './test-server.ts';

/** Closes a server on which time was booked: nothing of it may be orphaned or given away twice (B2). */
export async function closeWhole(server: TestServer): Promise<void> {
  expect(await findBreaches(IntegrityRepository.create(server.database.connection))).toEqual([]);
  await server.close();
}
