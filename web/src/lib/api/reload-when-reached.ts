/** Waits before the attempts, in ms; the last one repeats. */
const DELAYS_MS = [0, 1_000, 2_000, 4_000, 8_000] as const;
const LONGEST_DELAY_MS = 8_000;
const ANSWER_TIMEOUT_MS = 10_000;

/** Whether the server answers at the address of this page, whatever it says. Never throws. */
export async function isReached(): Promise<boolean> {
  const signal = AbortSignal.timeout(ANSWER_TIMEOUT_MS);
  return fetch(location.href, { method: 'HEAD', cache: 'no-store', signal }).then(
    () => true,
    () => false,
  );
}

/**
 * Loads the page anew as soon as its server answers. A device says that it is online before it reaches anything: loading
 * at once would put the browser's own page in the place of this one, and that does not come back by itself everywhere.
 * The answer stops it.
 */
export function reloadWhenReached(): () => void {
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const attemptAfter = (attempts: number): void => {
    timer = setTimeout(() => void attempt(attempts), DELAYS_MS[attempts] ?? LONGEST_DELAY_MS);
  };
  const attempt = async (attempts: number): Promise<void> => {
    const reached = await isReached();
    if (stopped) return;
    if (reached) location.reload();
    else attemptAfter(attempts + 1);
  };
  attemptAfter(0);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
