/** npm passes a Ctrl-C on to us although the terminal has sent it to us already: two within this time are one. */
const SAME_REQUEST_MS = 700;

/**
 * Resolves with the reason when somebody wants this process to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of
 * the process that has started it. `onRepeat` is called when somebody insists.
 */
export function waitForStopRequest(onRepeat: () => void): Promise<string> {
  let firstAt: number | undefined;
  return new Promise((resolve) => {
    const onRequest = (reason: string): void => {
      if (firstAt !== undefined && Date.now() - firstAt > SAME_REQUEST_MS) onRepeat();
      firstAt ??= Date.now();
      resolve(reason);
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => onRequest(signal));
    if (process.channel) process.once('disconnect', () => resolve('the end of the process that has started it'));
  });
}
