import { appRequests, validationError, type AppRequestName, type SocketRequest } from '@health-connect/contract';
import type { z } from 'zod';
import { hasAccessRule, type Actor } from '../accounts/actor.ts';

/** What a socket is told about. */
export interface Watcher {
  /** @throws ProductError `limit_exceeded` */
  watch(consultationId: string): void;
  unwatch(consultationId: string): void;
}

/** A request's payload after validation. */
export type RequestData<N extends AppRequestName> = z.output<(typeof appRequests)[N]['payload']>;

export type RequestHandler<N extends AppRequestName> = (input: {
  readonly payload: RequestData<N>;
  readonly actor: Actor;
  readonly watcher: Watcher;
}) => Promise<z.input<(typeof appRequests)[N]['response']>>;

/** A declared socket request with the handler that answers it. */
export interface RequestBinding {
  readonly name: AppRequestName;
  readonly request: SocketRequest;
  handle(payload: unknown, actor: Actor, watcher: Watcher): Promise<unknown>;
}

function parsePayload<N extends AppRequestName>(name: N, payload: unknown): RequestData<N>;
function parsePayload(name: AppRequestName, payload: unknown): unknown {
  const parsed = appRequests[name].payload.safeParse(payload);
  if (!parsed.success) throw validationError(parsed.error);
  return parsed.data;
}

/**
 * Binds a handler to a declared socket request: the same rules as for HTTP endpoints.
 * @throws TypeError when the request has no access rule
 */
export function bindRequest<N extends AppRequestName>(name: N, handler: RequestHandler<N>): RequestBinding {
  const request: SocketRequest = appRequests[name];
  if (!hasAccessRule(request)) throw new TypeError(`${name} has no access rule: declare one in the contract.`);
  return {
    name,
    request,
    handle: async (payload, actor, watcher) => {
      const result = await handler({ payload: parsePayload(name, payload), actor, watcher });
      return request.response.parse(result);
    },
  };
}
