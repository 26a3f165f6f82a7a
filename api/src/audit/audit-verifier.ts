import { blockHash, canonical, canonicalVoid, GENESIS, isMac, linkOf } from './audit-chain.ts';
import type { Block } from './audit-block.model.ts';
import type { Head } from './audit-heads.ts';
import type { AuditTrailRepository } from './audit-trail.repository.ts';
import type { Found } from './audit.repository.ts';

/** Something that is not as it was written. */
export interface Finding {
  readonly kind: 'changed' | 'missing' | 'inserted' | 'chain-broken' | 'cut-off' | 'unsealed';
  readonly where: string;
}

export interface Verdict {
  readonly findings: readonly Finding[];
  /** What is no proof of anything but worth knowing. */
  readonly notices: readonly string[];
  readonly blocks: number;
  readonly entries: number;
  /** Written a moment ago and not sealed yet. */
  readonly waiting: number;
  /** Hash of the last block: note it elsewhere, and a later check can be held against it. */
  readonly head: string;
}

interface Parts {
  readonly trail: AuditTrailRepository;
  /** What was noted outside of the database, read before the database is. */
  readonly heads: readonly Head[];
  readonly key: Buffer;
  readonly nowMs: number;
}

/** A living process seals within a second, a dead one's entries are sealed by another within minutes. */
const UNSEALED_LIMIT_MS = 10 * 60_000;

/** Checks the whole trail once: every entry, every link, every block, and what was noted outside of the database. */
export class AuditVerifier {
  readonly #parts: Parts;
  readonly #findings: Finding[] = [];
  readonly #notices: string[] = [];
  /** Number up to which each writer's entries are sealed, and how many of them there are. */
  readonly #sealed = new Map<string, { to: number; entries: number }>();
  readonly #hashes = new Map<number, string>();
  #entries = 0;
  #waiting = 0;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** @throws the driver's error when the database cannot be read */
  static async verify(parts: Parts): Promise<Verdict> {
    const verifier = new AuditVerifier(parts);
    const { heads } = parts;
    const last = await verifier.#walk(new Set(heads.map(({ number }) => number)));
    for (const { number, hash } of heads) {
      if (verifier.#hashes.get(number) !== hash)
        verifier.#found('cut-off', `block ${number}, noted outside, is not there`);
    }
    await verifier.#checkWriters();
    return {
      findings: verifier.#findings,
      notices: verifier.#notices,
      blocks: last?._id ?? 0,
      entries: verifier.#entries,
      waiting: verifier.#waiting,
      head: last?.hash ?? GENESIS,
    };
  }

  #found(kind: Finding['kind'], where: string): void {
    this.#findings.push({ kind, where });
  }

  async #walk(noted: ReadonlySet<number>): Promise<Block | undefined> {
    let last: Block | undefined;
    let place = 0;
    for await (const { id, block } of this.#parts.trail.blocks()) {
      place += 1;
      if (block === undefined) {
        this.#found('chain-broken', `block ${id} is malformed`);
        continue;
      }
      if (block._id !== place) {
        this.#found('missing', block._id === place + 1 ? `block ${place}` : `blocks ${place} to ${block._id - 1}`);
        place = block._id;
      }
      if (block.previous !== (last?.hash ?? GENESIS)) this.#found('chain-broken', `before block ${block._id}`);
      if (block.hash !== blockHash(block)) this.#found('changed', `block ${block._id} itself`);
      await this.#checkEntries(block);
      if (noted.has(block._id)) this.#hashes.set(block._id, block.hash);
      last = block;
    }
    return last;
  }

  /** One block's entries against its links. */
  async #checkEntries(block: Block): Promise<void> {
    const { writer, from, links } = block;
    const before = this.#sealed.get(writer) ?? { to: 0, entries: 0 };
    if (from !== before.to + 1) this.#found('missing', `numbers ${before.to + 1} to ${from - 1} of ${writer}`);
    const to = from + links.length - 1;
    const found = Map.groupBy(await this.#parts.trail.run(writer, from, to), ({ number }) => number);
    let previous = block.previous;
    for (const [index, link] of links.entries()) {
      this.#checkLink(block, from + index, { previous, link, found: found.get(from + index) ?? [] });
      previous = link;
    }
    const entries = [...found.values()].reduce((sum, list) => sum + list.length, 0);
    for (const number of found.keys()) {
      if (!Number.isInteger(number)) this.#found('inserted', `number ${number} of ${writer}`);
    }
    this.#sealed.set(writer, { to, entries: before.entries + entries });
    this.#entries += entries;
    if (block.recovered && block.voids.length > 0) {
      this.#notices.push(
        `${writer} died: nothing is known of its ${block.voids.length} numbers ${block.voids.join(', ')} (rolled back, or removed before they were sealed)`,
      );
    }
  }

  #checkLink(block: Block, number: number, place: { previous: string; link: string; found: readonly Found[] }): void {
    const where = `number ${number} of ${block.writer} in block ${block._id}`;
    const isVoid = block.voids.includes(number);
    const [first, ...more] = place.found;
    if (more.length > 0) this.#found('inserted', `${where}, more than once`);
    if (isVoid) {
      if (first !== undefined) this.#found('inserted', where);
      if (linkOf(place.previous, canonicalVoid(block.writer, number)) !== place.link)
        this.#found('chain-broken', where);
      return;
    }
    if (first === undefined) this.#found('missing', where);
    else if (first.entry === undefined) this.#found('changed', `${where}: malformed`);
    else {
      const content = canonical(first.entry);
      const holds = linkOf(place.previous, content) === place.link && isMac(this.#parts.key, content, first.entry.mac);
      if (!holds) this.#found('changed', where);
    }
  }

  /** Entries that are in no block. */
  async #checkWriters(): Promise<void> {
    const oldestMs = this.#parts.nowMs - UNSEALED_LIMIT_MS;
    for (const { writer, numbered, total } of await this.#parts.trail.writers()) {
      if (numbered !== total)
        this.#found('inserted', `${total - numbered} entries of ${String(writer)} without a number`);
      if (typeof writer !== 'string') {
        this.#found('inserted', 'entries without a writer');
        continue;
      }
      const sealed = this.#sealed.get(writer) ?? { to: 0, entries: 0 };
      const upTo = await this.#parts.trail.countUpTo(writer, sealed.to);
      if (upTo !== sealed.entries)
        this.#found('inserted', `${upTo - sealed.entries} entries of ${writer} beside the chain`);
      for await (const { number, entry } of this.#parts.trail.after(writer, sealed.to)) {
        this.#checkUnsealed(`number ${number} of ${writer}`, entry, oldestMs);
      }
    }
  }

  #checkUnsealed(where: string, entry: Found['entry'], oldestMs: number): void {
    this.#waiting += 1;
    if (entry === undefined) this.#found('inserted', `${where}: malformed`);
    else if (!isMac(this.#parts.key, canonical(entry), entry.mac)) this.#found('inserted', `${where}: not ours`);
    else if (entry.at.getTime() < oldestMs) this.#found('unsealed', where);
  }
}
