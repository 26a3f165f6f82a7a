import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Database } from '../database/database.ts';
import { newId } from '../database/ids.ts';
import { TestClock } from '../testing/test-clock.ts';
import { databaseUri } from '../testing/test-server.ts';
import { AuditHeads } from './audit-heads.ts';
import { AuditTrail } from './audit-trail.ts';
import { AuditTrailRepository } from './audit-trail.repository.ts';
import { AuditVerifier, type Verdict } from './audit-verifier.ts';

const logger = pino({ level: 'silent' });
const key = Buffer.alloc(32, 7);
const actor = { accountId: newId(), role: 'doctor', sessionId: 's' } as const;
const view = { action: 'view', resource: 'appointment' } as const;

let database: Database;
let folder: string;
let clock: TestClock;
let trail: AuditTrail;

const newTrail = (parts: { readonly noteHeadsEveryMs?: number } = {}) => {
  const config = { auditHeadsFile: join(folder, 'heads.log') };
  return AuditTrail.create({ config, key, database, clock, logger, ...parts });
};
const collection = (name: string) => database.connection.collection(name);
const entries = () => collection('audit_entries');
const blocks = () => collection('audit_blocks');

async function verify(): Promise<Verdict> {
  const heads = await AuditHeads.create(join(folder, 'heads.log')).all();
  const reader = AuditTrailRepository.create(database.connection);
  return AuditVerifier.verify({ trail: reader, heads, key, nowMs: clock.now() });
}

const kinds = ({ findings }: Verdict): string[] => [...new Set(findings.map(({ kind }) => kind))].sort();

/** Three blocks of three entries. */
async function write(): Promise<void> {
  for (let block = 0; block < 3; block += 1) {
    for (let entry = 0; entry < 3; entry += 1) await trail.record(actor, { ...view, resourceId: newId() });
    await trail.seal();
  }
}

beforeEach(async () => {
  database = await Database.connect(databaseUri(), logger);
  folder = await mkdtemp(join(tmpdir(), 'health-connect-audit-'));
  clock = new TestClock();
  trail = newTrail();
  await database.ensureIndexes();
});
afterEach(async () => {
  await trail.close();
  await database.connection.dropDatabase();
  await database.close();
  await rm(folder, { recursive: true, force: true });
});

describe('the audit chain (P2, R35)', () => {
  it('holds for what was written, with who, what, when and where from', async () => {
    await write();
    const verdict = await verify();
    expect(verdict).toMatchObject({ findings: [], notices: [], blocks: 3, entries: 9, waiting: 0 });
    const stored = await entries().findOne({});
    expect(stored).toMatchObject({
      accountId: actor.accountId,
      role: 'doctor',
      sessionId: 's',
      ...view,
      outcome: 'ok',
    });
  });

  it('keeps entries of a change exactly when the change is kept', async () => {
    await database.transaction((transaction) => trail.recordIn(transaction, actor, view));
    const refused = database.transaction(async (transaction) => {
      await trail.recordIn(transaction, actor, view);
      throw new Error('on purpose');
    });
    await expect(refused).rejects.toThrow('on purpose');
    await trail.record(actor, view);
    await trail.seal();
    expect(await verify()).toMatchObject({ findings: [], entries: 2 });
    expect(await blocks().findOne({})).toMatchObject({ from: 1, voids: [2] });
  });

  it('counts a repeated attempt at a transaction once', async () => {
    const things = collection('things');
    const { insertedId } = await things.insertOne({ by: 'nobody' });
    let attempts = 0;
    await database.transaction(async (transaction) => {
      attempts += 1;
      await trail.recordIn(transaction, actor, view);
      // Somebody else changes it after this transaction's snapshot was taken: MongoDB has it run again.
      if (attempts === 1) await things.updateOne({ _id: insertedId }, { $set: { by: 'another' } });
      await things.updateOne({ _id: insertedId }, { $set: { by: 'us' } }, { session: transaction });
    });
    await trail.seal();
    expect(attempts).toBe(2);
    expect(await verify()).toMatchObject({ findings: [], entries: 1 });
    expect(await blocks().findOne({})).toMatchObject({ voids: [1] });
  });

  it('is one chain for several processes that write at once', async () => {
    const others = [newTrail(), newTrail(), newTrail()];
    await Promise.all(
      [trail, ...others].map(async (each) => {
        for (let round = 0; round < 5; round += 1) {
          await Promise.all(Array.from({ length: 10 }, () => each.record(actor, view)));
          await each.seal();
        }
      }),
    );
    await Promise.all(others.map((other) => other.close()));
    expect(await verify()).toMatchObject({ findings: [], entries: 200 });
  });
});

describe('tampering in the database (P2)', () => {
  const nth = async (index: number) => {
    const [found] = await entries().find({}).sort({ number: 1 }).skip(index).limit(1).toArray();
    if (found === undefined) throw new Error('No such entry');
    return found;
  };
  const facts = {
    accountId: newId(),
    patientId: newId(),
    network: '10.0.0.1',
    outcome: 'failed',
    at: new Date(0),
    mac: '0',
  };

  it.each(Object.entries(facts))('finds a changed %s', async (field, value) => {
    await write();
    await entries().updateOne({ _id: (await nth(4))._id }, { $set: { [field]: value } });
    expect(kinds(await verify())).toEqual(['changed']);
  });

  it('finds a field that was added', async () => {
    await write();
    await entries().updateOne({ _id: (await nth(4))._id }, { $set: { more: 1 } });
    expect(kinds(await verify())).toEqual(['changed']);
  });

  it.each([
    ['first', 0],
    ['middle', 4],
    ['last', 8],
  ])('finds that the %s entry was deleted', async (_name, index) => {
    await write();
    await entries().deleteOne({ _id: (await nth(index))._id });
    expect(kinds(await verify())).toEqual(['missing']);
  });

  it('finds two swapped entries', async () => {
    await write();
    const [a, b] = [await nth(1), await nth(5)];
    await entries().deleteMany({ _id: { $in: [a._id, b._id] } });
    await entries().insertMany([
      { ...a, number: b['number'] },
      { ...b, number: a['number'] },
    ]);
    expect(kinds(await verify())).toEqual(['changed']);
  });

  it.each([
    ['a new number', async () => ({ ...(await nth(8)), number: 10 })],
    ['a number in between', async () => ({ ...(await nth(8)), number: 4.5 })],
    ['a number before all', async () => ({ ...(await nth(8)), number: -1 })],
    ['no number', async () => ({ ...(await nth(8)), number: 'ten' })],
    ['a writer of its own', async () => ({ ...(await nth(8)), writer: 'nobody' })],
  ])('finds an entry that was inserted with %s', async (_name, make) => {
    await write();
    const { _id, ...forged } = await make();
    await entries().insertOne(forged);
    expect(kinds(await verify())).toContain('inserted');
    expect(_id).toBeDefined();
  });

  it('finds an entry put where a change was rolled back', async () => {
    await database
      .transaction(async (transaction) => {
        await trail.recordIn(transaction, actor, view);
        throw new Error('on purpose');
      })
      .catch(() => undefined);
    await write();
    const { _id, ...forged } = { ...(await nth(0)), number: 1 };
    await entries().insertOne(forged);
    expect(kinds(await verify())).toEqual(['inserted']);
    expect(_id).toBeDefined();
  });

  it('finds a block that was taken out together with its entries', async () => {
    await write();
    await blocks().deleteOne({ _id: 2 as never });
    await entries().deleteMany({ number: { $in: [4, 5, 6] } });
    expect(kinds(await verify())).toEqual(['chain-broken', 'missing']);
  });

  it('finds a chain that was cut off at its end, also when it goes on afterwards', async () => {
    await write();
    await blocks().deleteOne({ _id: 3 as never });
    await entries().deleteMany({ number: { $gt: 6 } });
    await trail.record(actor, view);
    await trail.seal();
    expect(kinds(await verify())).toEqual(['chain-broken', 'missing']);
  });

  it('finds a cut end after a restart, by the heads that were noted outside', async () => {
    await write();
    await trail.close();
    await blocks().deleteOne({ _id: 3 as never });
    await entries().deleteMany({ number: { $gt: 6 } });
    trail = newTrail();
    await trail.record(actor, view);
    await trail.seal();
    expect(kinds(await verify())).toEqual(['cut-off']);
  });

  it('finds a cut end of a process that was killed, once writing had paused', async () => {
    const killed = newTrail({ noteHeadsEveryMs: 300 });
    for (let block = 0; block < 3; block += 1) {
      await killed.record(actor, view);
      await killed.seal();
    }
    const heads = AuditHeads.create(join(folder, 'heads.log'));
    await vi.waitFor(async () => expect((await heads.all()).at(-1)?.number).toBe(3), 5000);
    await blocks().deleteOne({ _id: 3 as never });
    await entries().deleteMany({ number: { $gt: 2 } });
    await trail.record(actor, view);
    await trail.seal();
    expect(kinds(await verify())).toEqual(['cut-off']);
    await killed.close();
  });

  it('finds that everything was removed', async () => {
    await write();
    await trail.close();
    await blocks().deleteMany({});
    await entries().deleteMany({});
    expect(kinds(await verify())).toEqual(['cut-off']);
  });

  it('finds a changed block', async () => {
    await write();
    await blocks().updateOne({ _id: 2 as never }, { $set: { sealedAt: new Date(0) } });
    expect(kinds(await verify())).toEqual(['changed']);
  });

  it.each([
    ['changed', 'changed', () => entries().updateOne({ number: 2 }, { $set: { outcome: 'refused' } })],
    ['removed', 'missing', () => entries().deleteOne({ number: 2 })],
    ['removed at the end', 'missing', () => entries().deleteOne({ number: 3 })],
  ])('finds an entry that was %s before it was sealed', async (_name, kind, tamper) => {
    for (let entry = 0; entry < 3; entry += 1) await trail.record(actor, view);
    await tamper();
    await trail.seal();
    expect(kinds(await verify())).toEqual([kind]);
  });
});

describe('a process that died', () => {
  it('has its entries sealed by another one', async () => {
    await trail.start();
    await trail.record(actor, view);
    expect(await verify()).toMatchObject({ findings: [], waiting: 1 });
    clock.advance(4 * 60_000);
    const other = newTrail();
    await other.start();
    await other.start();
    expect(await verify()).toMatchObject({ findings: [], notices: [], entries: 1, waiting: 0 });
    await trail.record(actor, view);
    await trail.seal();
    expect(await verify()).toMatchObject({ findings: [], entries: 2 });
    await other.close();
  });

  it('is named when entries stay unsealed', async () => {
    await trail.record(actor, view);
    clock.advance(11 * 60_000);
    expect(kinds(await verify())).toEqual(['unsealed']);
  });
});
