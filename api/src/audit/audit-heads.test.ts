import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Block } from './audit-block.model.ts';
import { AuditHeads } from './audit-heads.ts';

const hashOf = (number: number): string => number.toString(16).padStart(64, '0');
const block = (number: number): Block => ({
  _id: number,
  writer: 'w',
  from: number,
  links: [],
  voids: [],
  previous: '0',
  hash: hashOf(number),
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
  expect((await heads.all()).at(-1)).toEqual({ number: 4, hash: hashOf(4) });
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

it('is not confused by a line that a full disk or a power cut has cut off: the next one stands on a line of its own', async () => {
  await mkdir(join(folder, 'data'));
  await writeFile(file(), `1 ${hashOf(1)}\n2 ${hashOf(2).slice(0, 20)}`);
  const heads = AuditHeads.create(file());
  await heads.note(block(2));
  expect(await heads.all()).toEqual([1, 2].map((number) => ({ number, hash: hashOf(number) })));
});
