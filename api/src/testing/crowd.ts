import { randomUUID } from 'node:crypto';
import mongoose, { type Connection } from 'mongoose';
import { z } from 'zod';
import { isDuplicateKey } from '../database/errors.ts';

const { ObjectId } = mongoose.Types;
type Document = Readonly<Record<string, unknown>>;

/** Short-lived, the same for everybody, or a chain of which there is one. */
const NOT_COPIED = ['schema', 'jobs', 'socket_news', 'audit_blocks', 'audit_writers'];
/** What is searched for by its beginning: copies have other ones. */
const WORDS: ReadonlySet<string> = new Set(['words', 'searchWords', 'name', 'nameKey']);
const HEX_ID = /^[0-9a-f]{24}$/;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const BATCH = 1000;
const indexSchema = z.object({ key: z.record(z.string(), z.unknown()), unique: z.boolean().optional() });

interface Copies {
  /** How many documents each collection gets, at least. */
  readonly documents: number;
  /** Ids that copies keep. All others are new ones, the same within a copy, so that what belongs together still does. */
  readonly kept?: readonly string[];
  readonly collections?: readonly string[];
  /** Which documents are copied. */
  readonly where?: Document;
  /** Copies are so much older than one another. */
  readonly apartMs?: number;
}

/** Fills collections with copies of what is in them: what belongs to others, or to the same people. */
export async function crowd(connection: Connection, copies: Copies): Promise<void> {
  const { db } = connection;
  if (db === undefined) throw new Error('There is no database');
  const names = (await db.listCollections().toArray()).map(({ name }) => name);
  for (const name of copies.collections ?? names) {
    if (NOT_COPIED.includes(name) || name.startsWith('system.')) continue;
    const collection = connection.collection<Document>(name);
    const originals = await collection.find<Document>(copies.where ?? {}).toArray();
    const indexes = z.array(indexSchema).parse(await collection.indexes());
    const unique = new Set(indexes.filter((index) => index.unique).flatMap(({ key }) => Object.keys(key)));
    let batch: Document[] = [];
    for (let copy = 0; originals.length > 0 && copy * originals.length < copies.documents; copy += 1) {
      const copyOf = copier(copy, unique.add('_id'), copies);
      batch.push(...originals.map((original) => copyOf(original)));
      if (batch.length < BATCH && (copy + 1) * originals.length < copies.documents) continue;
      await collection.insertMany(batch, { ordered: false, writeConcern: { w: 1 } }).catch(ignoreDuplicates);
      batch = [];
    }
  }
}

/** Of some things there can be only one. */
function ignoreDuplicates(error: unknown): void {
  if (!isDuplicateKey(error)) throw error;
}

function copier(number: number, unique: ReadonlySet<string>, { kept = [], apartMs = 0 }: Copies) {
  const ids = new Map<string, string>(kept.map((id) => [id, id]));
  const idOf = (id: string, make: () => string): string => {
    const known = ids.get(id) ?? make();
    ids.set(id, known);
    return known;
  };
  const newHex = (): string => new ObjectId().toHexString();
  const valueOf = (value: unknown, key: string): unknown => {
    if (value instanceof ObjectId) return new ObjectId(idOf(value.toHexString(), newHex));
    if (value instanceof Date) return new Date(value.getTime() - apartMs * (number + 1));
    if (Array.isArray(value)) return value.map((item: unknown) => valueOf(item, key));
    if (typeof value === 'string') return textOf(value, key);
    return isPlain(value) ? documentOf(value) : value;
  };
  const textOf = (text: string, key: string): string => {
    if (HEX_ID.test(text)) return idOf(text, newHex);
    if (UUID.test(text)) return idOf(text, randomUUID);
    if (WORDS.has(key)) return `q${number}${text}`;
    return unique.has(key) ? `q${randomUUID()}.${text}` : text;
  };
  const documentOf = (document: Document): Document =>
    Object.fromEntries(Object.entries(document).map(([key, value]) => [key, valueOf(value, key)]));
  return documentOf;
}

function isPlain(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
