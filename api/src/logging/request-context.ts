import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestContext {
  readonly requestId: string;
}

const storage = new AsyncLocalStorage<RequestContext>();

/** Runs one request so that every log line it causes carries its id. */
export function runWithRequestId<T>(requestId: string, run: () => T): T {
  return storage.run({ requestId }, run);
}

/** Id of the request that is being handled, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}
