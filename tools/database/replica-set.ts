import { setTimeout as delay } from 'node:timers/promises';
import { mongo } from 'mongoose';
import { REPLICA_SET } from './mongod-arguments.ts';

const POLL_MS = 100;
const SELECTION_TIMEOUT_MS = 1000;
/** Server error codes: https://www.mongodb.com/docs/manual/reference/error-codes/ */
const NOT_YET_INITIALIZED = 94;
const INVALID_REPLICA_SET_CONFIG = 93;

/**
 * Makes sure that the embedded mongod is the primary of its one-member replica set: founds the set on first start,
 * corrects the member's address when the port has changed, and waits until it accepts writes.
 *
 * @throws Error when that has not happened within `timeoutMs`, or `signal` fires
 */
export async function ensurePrimary(port: number, timeoutMs: number, signal?: AbortSignal): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  let last = 'it did not answer';
  while (Date.now() < deadline) {
    signal?.throwIfAborted();
    try {
      if (await withAdmin(port, (admin) => isPrimary(admin, port))) return;
      last = 'it is not primary yet';
    } catch (error) {
      last = error instanceof Error ? error.message : String(error);
    }
    await delay(POLL_MS);
  }
  throw new Error(`the database on port ${port} was not ready within ${timeoutMs / 1000} s (${last})`);
}

/** One client for each look: the driver does not reconnect a client whose first connection failed. */
async function withAdmin<T>(port: number, work: (admin: mongo.Db) => Promise<T>): Promise<T> {
  const client = new mongo.MongoClient(`mongodb://127.0.0.1:${port}/?directConnection=true`, {
    serverSelectionTimeoutMS: SELECTION_TIMEOUT_MS,
  });
  try {
    return await work(client.db('admin'));
  } finally {
    await client.close();
  }
}

/** Looks once, and does the next step if one is due. */
async function isPrimary(admin: mongo.Db, port: number): Promise<boolean> {
  const member = { _id: 0, host: `127.0.0.1:${port}` };
  const hello = await admin.command({ hello: 1 });
  if (hello['isWritablePrimary'] === true && hello['me'] === member.host) return true;

  const code = await statusCode(admin);
  if (code === NOT_YET_INITIALIZED) {
    await admin.command({ replSetInitiate: { _id: REPLICA_SET, members: [member] } });
  } else if (code === INVALID_REPLICA_SET_CONFIG) {
    await moveMember(admin, member);
  }
  return false;
}

/** The server's error code for "which state is the set in?", or 0 when it has an answer. */
async function statusCode(admin: mongo.Db): Promise<number | string> {
  try {
    await admin.command({ replSetGetStatus: 1 });
    return 0;
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code !== undefined) return error.code;
    throw error;
  }
}

/** The stored configuration names the port of an earlier start: the server does not find itself in it. */
async function moveMember(admin: mongo.Db, member: { _id: number; host: string }): Promise<void> {
  const stored = await admin.client.db('local').collection('system.replset').findOne({});
  const version = typeof stored?.['version'] === 'number' ? stored['version'] : 1;
  await admin.command({
    replSetReconfig: { _id: REPLICA_SET, version: version + 1, members: [member] },
    force: true,
  });
}
