import { appEvents, documentIdSchema, slotEvents, type AppEventName } from '@health-connect/contract';
import { z } from 'zod';

function isAppEventName(name: string): name is AppEventName {
  return Object.hasOwn(appEvents, name);
}

/** An event of the app socket, whose payload is what the contract says of it. */
const appEventSchema = z
  .strictObject({ name: z.string().refine(isAppEventName), payload: z.unknown() })
  .refine(({ name, payload }) => isAppEventName(name) && appEvents[name].payload.safeParse(payload).success);

/** What one api process has to say to the sockets of all of them. */
export const socketNewsSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('accounts'), accountIds: z.array(documentIdSchema), event: appEventSchema }),
  z.strictObject({ kind: z.literal('watchers'), consultationId: documentIdSchema, event: appEventSchema }),
  z.strictObject({ kind: z.literal('unwatch'), accountId: documentIdSchema, consultationId: documentIdSchema }),
  z.strictObject({ kind: z.literal('session-ended'), sessionId: z.string().min(1) }),
  z.strictObject({ kind: z.literal('slots'), change: slotEvents['slots.changed'].payload }),
]);
export type SocketNews = z.output<typeof socketNewsSchema>;
