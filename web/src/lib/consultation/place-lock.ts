/**
 * Which tab of this browser is in a consultation's call (Web Locks API). A duplicated tab copies what a reload
 * remembers: without this it would walk into the call and throw the first tab out.
 */
const nameOf = (consultationId: string): string => `hc.call.${consultationId}`;

/** Holds the call for this tab, at once or as soon as another tab lets go. The answer lets go; so does closing the tab. */
export function holdPlace(locks: LockManager | undefined, consultationId: string): () => void {
  const waiting = new AbortController();
  const { promise: gone, resolve: letGo } = Promise.withResolvers<undefined>();
  locks?.request(nameOf(consultationId), { signal: waiting.signal }, () => gone).catch(() => undefined);
  return () => {
    waiting.abort();
    letGo(undefined);
  };
}

/** Whether another tab holds the call; this one must not. False where the browser has no locks. */
export async function isHeldElsewhere(locks: LockManager | undefined, consultationId: string): Promise<boolean> {
  const held = (await locks?.query())?.held ?? [];
  return held.some(({ name }) => name === nameOf(consultationId));
}
