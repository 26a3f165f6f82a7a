import type { Connection } from './database.ts';
import { isNoIndex } from './errors.ts';

/** Drops an index that an earlier build has made and that is not needed any more, where there is one. */
export async function dropFormerIndex(connection: Connection, collection: string, index: string): Promise<void> {
  try {
    await connection.collection(collection).dropIndex(index);
  } catch (error) {
    if (!isNoIndex(error)) throw error;
  }
}
