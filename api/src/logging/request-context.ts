import { AsyncLocalStorage } from 'node:async_hooks';

interface RequestContext {
  readonly requestId: string;
  readonly network: string | undefined;
}

const storage = new AsyncLocalStorage<RequestContext>();

/**
 * Runs one request so that every log line it causes carries its id.
 * @param network address from which it came, for the audit trail; it is never logged
 */
export function runWithRequestId<T>(requestId: string, run: () => T, network?: string): T {
  return storage.run({ requestId, network }, run);
}

/** Id of the request that is being handled, if any. */
export function currentRequestId(): string | undefined {
  return storage.getStore()?.requestId;
}

/** Network address from which the request came that is being handled, if any. */
export function currentNetwork(): string | undefined {
  return storage.getStore()?.network;
}
