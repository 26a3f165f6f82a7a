import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Block } from './audit-block.model.ts';
import { AuditHeads } from './audit-heads.ts';

const block = (number: number): Block => ({
  _id: number,
  writer: 'w',
  from: number,
  links: [],
  voids: [],
  previous: '0',
  hash: `hash-${number}`,
  recovered: false,
  sealedAt: new Date(0),
});

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-connect-heads-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const file = () => join(folder, 'data', 'heads.log');
const numbers = async (heads: AuditHeads) => (await heads.all()).map(({ number }) => number);

it('notes the first head at once and, of those that follow closely, the last one once writing pauses', async () => {
  const heads = AuditHeads.create(file(), { everyMs: 300 });
  for (const number of [1, 2, 3, 4]) await heads.note(block(number));
  expect(await numbers(heads)).toEqual([1]);
  await vi.waitFor(async () => expect(await numbers(heads)).toEqual([1, 4]), 5000);
  expect((await heads.all()).at(-1)).toEqual({ number: 4, hash: 'hash-4' });
});

it('notes the last head when the server stops, once', async () => {
  const heads = AuditHeads.create(file());
  for (const number of [1, 2, 3]) await heads.note(block(number));
  await heads.close();
  await heads.close();
  expect(await numbers(heads)).toEqual([1, 3]);
});

it('tries again what could not be written', async () => {
  const inTheWay = join(folder, 'data');
  await writeFile(inTheWay, 'a file where the folder should be');
  const heads = AuditHeads.create(join(inTheWay, 'heads.log'), { everyMs: 20 });
  await heads.note(block(1));
  await rm(inTheWay);
  await vi.waitFor(async () => expect(await numbers(heads)).toEqual([1]), 5000);
});
