import { z } from 'zod';
import { SHARD_KEYS } from '../database/shard-keys.ts';
import type { TestServer } from './test-server.ts';

export type ShardedCollection = keyof typeof SHARD_KEYS;

/** A command that reads or changes documents of a collection that can be spread over shards. */
export interface ShardedCommand {
  readonly collection: ShardedCollection;
  /** Whether it says which shard is meant. */
  readonly namesKey: boolean;
  /** For the message of a failure. */
  readonly text: string;
}

/** What the database's profiler tells of an operation (system.profile). */
const operationSchema = z.object({ ns: z.string(), op: z.string(), command: z.looseObject({}) });
const conditionSchema = z.record(z.string(), z.unknown());
const stageSchema = z.looseObject({
  $match: conditionSchema.optional(),
  $unionWith: z.object({ coll: z.string(), pipeline: z.array(z.unknown()) }).optional(),
});
/** `filter` of a find, `query` of a findAndModify or a count, `q` of an update or a removal. */
const commandSchema = z.looseObject({
  filter: conditionSchema.optional(),
  query: conditionSchema.optional(),
  q: conditionSchema.optional(),
  pipeline: z.array(stageSchema).optional(),
});
const SINGLE_VALUES = ['$eq', '$in'];

const isSharded = (name: string): name is ShardedCollection => Object.hasOwn(SHARD_KEYS, name);
const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether a value is said, or a few: a range would go to every shard. */
function isDefinite(value: unknown): boolean {
  if (value === undefined) return false;
  return !isPlain(value) || Object.keys(value).every((operator) => SINGLE_VALUES.includes(operator));
}

/** Whether a condition names the field in any case: of alternatives, all of them have to. */
function names(condition: Record<string, unknown>, field: string): boolean {
  if (isDefinite(condition[field])) return true;
  const [all, alternatives] = [condition['$and'], condition['$or']].map((conditions) =>
    z.array(conditionSchema).catch([]).parse(conditions),
  );
  if (all?.some((part) => names(part, field)) === true) return true;
  return alternatives !== undefined && alternatives.length > 0 && alternatives.every((part) => names(part, field));
}

/** Every question of a command, with the collection that it is about. */
function questionsOf(collection: string, command: unknown): [string, Record<string, unknown>][] {
  const { filter, query, q, pipeline } = commandSchema.parse(command);
  if (pipeline === undefined) return [[collection, filter ?? query ?? q ?? {}]];
  const unions = pipeline.flatMap(({ $unionWith }) => $unionWith ?? []);
  return [
    [collection, pipeline[0]?.$match ?? {}],
    ...unions.flatMap((union) => questionsOf(union.coll, { pipeline: union.pipeline })),
  ];
}

/** Commands to collections that can be spread, as the database received them while something was done. */
export async function shardedCommands(server: TestServer, work: () => Promise<unknown>): Promise<ShardedCommand[]> {
  const { db } = server.database.connection;
  if (db === undefined) throw new Error('There is no database');
  // What was done before may still be on its way to the directory.
  await server.application.settled();
  await db.command({ profile: 2 });
  await work();
  await server.application.settled();
  await db.command({ profile: 0 });
  const profile = db.collection('system.profile');
  // Documents that are inserted have the key: their models require it.
  const found = await profile.find({ op: { $in: ['query', 'command', 'update', 'remove'] } }).toArray();
  await profile.drop();
  return z
    .array(operationSchema)
    .parse(found)
    .filter(({ command }) => !('getMore' in command) && !('profile' in command))
    .flatMap(({ ns, op, command }) =>
      questionsOf(ns.slice(ns.indexOf('.') + 1), command).flatMap(([collection, condition]) =>
        isSharded(collection)
          ? {
              collection,
              namesKey: names(condition, SHARD_KEYS[collection]),
              text: `${op} ${collection} ${JSON.stringify(condition)}`,
            }
          : [],
      ),
    );
}
