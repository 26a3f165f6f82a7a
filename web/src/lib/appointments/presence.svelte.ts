import type { CallPresence } from '@health-connect/contract';
import { SvelteMap } from 'svelte/reactivity';
import type { AppSocket } from '../realtime/app-socket.ts';

/** Who is in the calls of the shown consultations, kept up to date by the app socket. */
export class Presence {
  readonly #people = new SvelteMap<string, CallPresence['people']>();

  static create(): Presence {
    return new Presence();
  }

  of(consultationId: string): CallPresence['people'] {
    return this.#people.get(consultationId) ?? [];
  }

  /** Watches consultations until the answer is called. A socket that comes back watches again. */
  watch(socket: AppSocket, consultationIds: readonly string[]): () => void {
    const ask = (): void => {
      for (const consultationId of consultationIds) {
        socket
          .request('consultation.watch', { consultationId })
          .then((presence) => this.#people.set(consultationId, presence.people))
          // Presence is an extra: without it the list still tells when the door is open.
          .catch(() => this.#people.delete(consultationId));
      }
    };
    const subscriptions = [
      socket.on('connected', ask),
      socket.on('consultation.presence', ({ consultationId, people }) => {
        if (consultationIds.includes(consultationId)) this.#people.set(consultationId, people);
      }),
    ];
    if (socket.connected) ask();
    return () => {
      for (const unsubscribe of subscriptions) unsubscribe();
      if (!socket.connected) return;
      for (const consultationId of consultationIds) {
        socket.request('consultation.unwatch', { consultationId }).catch(() => undefined);
      }
    };
  }
}
