import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { Block } from './audit-block.model.ts';
import type { EntryFacts } from './audit-entry.model.ts';

/** What stands before the first block. */
export const GENESIS = '0'.repeat(64);

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The bytes that stand for an entry: a JSON array with every fact in a fixed order, behind the format's number. */
export function canonical(entry: EntryFacts): string {
  return JSON.stringify([
    1,
    entry.writer,
    entry.number,
    entry.at.toISOString(),
    entry.accountId,
    entry.role,
    entry.sessionId,
    entry.network,
    entry.action,
    entry.resource,
    entry.resourceId,
    entry.patientId,
    entry.outcome,
    entry.detail,
    entry.requestId,
  ]);
}

/** What is chained for a number under which nothing was written. */
export const canonicalVoid = (writer: string, number: number): string => JSON.stringify([1, 'void', writer, number]);

/** Chains one entry to the one before. */
export const linkOf = (previous: string, content: string): string => sha256(`${previous}\n${content}`);

/** Marks an entry as written by this product. */
export const macOf = (key: Buffer, content: string): string => createHmac('sha256', key).update(content).digest('hex');

export function isMac(key: Buffer, content: string, mac: string): boolean {
  const [expected, given] = [Buffer.from(macOf(key, content)), Buffer.from(mac)];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

/** The hash that closes a block and that the next one builds on. */
export function blockHash(block: Omit<Block, 'hash'>): string {
  const { _id, writer, from, links, voids, recovered, sealedAt, previous } = block;
  return sha256(
    JSON.stringify([
      1,
      _id,
      previous,
      writer,
      from,
      links.length,
      links.at(-1),
      voids,
      recovered,
      sealedAt.toISOString(),
    ]),
  );
}

/** One number of a writer on its way into a block; `content` is `undefined` where nothing was written. */
export interface Sealable {
  readonly number: number;
  readonly content: string | undefined;
}

/** Makes the block that follows `last`. @param slots consecutive numbers, at least one */
export function nextBlock(
  last: Pick<Block, '_id' | 'hash'> | undefined,
  writer: string,
  slots: readonly Sealable[],
  facts: Pick<Block, 'recovered' | 'sealedAt'>,
): Block {
  const previous = last?.hash ?? GENESIS;
  const links: string[] = [];
  for (const { number, content } of slots) {
    links.push(linkOf(links.at(-1) ?? previous, content ?? canonicalVoid(writer, number)));
  }
  const voids = slots.filter(({ content }) => content === undefined).map(({ number }) => number);
  const block = { _id: (last?._id ?? 0) + 1, writer, from: slots[0]?.number ?? 1, links, voids, previous, ...facts };
  return { ...block, hash: blockHash(block) };
}
