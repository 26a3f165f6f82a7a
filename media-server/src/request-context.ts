import { AsyncLocalStorage } from 'node:async_hooks';

const storage = new AsyncLocalStorage<string>();

/** Runs the handling of one request, so that every log line it causes carries the request's id. */
export function runWithRequestId<T>(requestId: string, run: () => T): T {
  return storage.run(requestId, run);
}

/** Id of the request that is being handled, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore();
}
