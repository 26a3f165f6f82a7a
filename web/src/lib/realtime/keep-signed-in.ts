import type { Unsubscribe } from '../emitter.ts';

/** When the server cannot be asked for a new session, it is asked again after this time. */
export const RETRY_MS = 5_000;

/** The part of the app socket that depends on the session. */
export interface SignedInSocket {
  on(name: 'connected' | 'refused' | 'session.ended', listener: () => void): Unsubscribe;
  reconnect(): void;
}

interface KeepOptions {
  /** Renews the session; false when the sign-in has ended, throws when there is no answer. */
  readonly refresh: () => Promise<boolean>;
  /** The sign-in has ended for good. */
  readonly onEnded: () => void;
}

/**
 * Brings a socket back whose session has run out: the session is renewed, then the socket connects anew. A session
 * that is refused straight after its renewal has ended. The answer stops it.
 */
export function keepSignedIn(socket: SignedInSocket, options: KeepOptions): () => void {
  let stopped = false;
  let renewed = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const end = (): void => {
    stop();
    options.onEnded();
  };
  const bringBack = async (): Promise<void> => {
    if (renewed) {
      end();
      return;
    }
    const signedIn = await options.refresh().catch(() => undefined);
    if (stopped) return;
    if (signedIn === false) {
      end();
      return;
    }
    if (signedIn === undefined) {
      clearTimeout(timer);
      timer = setTimeout(() => void bringBack(), RETRY_MS);
      return;
    }
    renewed = true;
    socket.reconnect();
  };

  const subscriptions = [
    socket.on('connected', () => (renewed = false)),
    socket.on('refused', () => void bringBack()),
    socket.on('session.ended', () => void bringBack()),
  ];
  function stop(): void {
    stopped = true;
    clearTimeout(timer);
    for (const unsubscribe of subscriptions) unsubscribe();
  }
  return stop;
}
