import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mongo } from 'mongoose';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { Cache } from '../bootstrap/cache.mjs';
import { findMongod } from '../bootstrap/mongod/resolve.mjs';
import { cacheDirectory } from '../bootstrap/places.mjs';
import { findFreePort } from '../testing/free-port.ts';
import { mongodArguments, replicaSetUri } from './mongod-arguments.ts';
import { ensurePrimary } from './replica-set.ts';

describe('the embedded replica set', () => {
  let dataDir: string;

  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'health-connect-replica-set-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  async function withMongod(port: number, work: () => Promise<void>): Promise<void> {
    const binary = await findMongod(new Cache(cacheDirectory()));
    if (!binary) throw new Error('no mongod');
    const mongod = spawn(binary, mongodArguments({ dataDir, port, cacheGiB: 0.25 }), { stdio: 'ignore' });
    try {
      await ensurePrimary(port, 30_000);
      await work();
    } finally {
      mongod.kill('SIGTERM');
      await once(mongod, 'exit');
    }
  }

  it('keeps its data and becomes primary again on another port', async () => {
    const first = await findFreePort();
    await withMongod(first, async () => {
      const client = await mongo.MongoClient.connect(replicaSetUri(first));
      await client.db('kept').collection('things').insertOne({ name: 'kept' });
      await client.close();
    });

    const second = await findFreePort();
    await withMongod(second, async () => {
      const client = await mongo.MongoClient.connect(replicaSetUri(second));
      const found = await client.db('kept').collection('things').findOne({ name: 'kept' });
      await client.close();
      expect(found).not.toBeNull();
    });
  });

  it('says which port did not answer', async () => {
    const port = await findFreePort();

    await expect(ensurePrimary(port, 300)).rejects.toThrow(`the database on port ${port} was not ready`);
  });
});

describe('the database of the integration tests', () => {
  it('runs transactions', async () => {
    const client = await mongo.MongoClient.connect(inject('mongodbUri'));
    const things = client.db('tools_transactions').collection('things');
    await things.drop();
    await client.db('tools_transactions').createCollection('things');

    await expect(
      client.withSession((session) =>
        session.withTransaction(async () => {
          await things.insertOne({ name: 'rolled back' }, { session });
          throw new Error('on purpose');
        }),
      ),
    ).rejects.toThrow('on purpose');
    expect(await things.countDocuments()).toBe(0);
    await client.close();
  });
});
