import { SLOT_NAMESPACE, slotEvents, type slotRequests } from '@health-connect/contract';
import { io, type Socket } from 'socket.io-client';
import type { z } from 'zod';
import type { Unsubscribe } from '../emitter.ts';

/** What changed in a doctor's time; without instants the whole of it may have. */
export type SlotChange = z.output<(typeof slotEvents)['slots.changed']['payload']>;
type WatchPayload = z.input<(typeof slotRequests)['slots.watch']['payload']>;

/**
 * Tells when slots of doctors are taken or given back; open to visitors too. While it was away anything may have
 * happened, so whenever it is there (again) it says that everything may have changed.
 */
export class SlotSocket {
  readonly #socket: Socket;
  readonly #watched = new Map<string, (change: SlotChange) => void>();

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('connect', () => {
      for (const doctorId of this.#watched.keys()) this.#ask(doctorId);
    });
    socket.on('slots.changed', (payload: unknown) => {
      const change = slotEvents['slots.changed'].payload.safeParse(payload).data;
      if (change !== undefined) this.#watched.get(change.doctorId)?.(change);
    });
  }

  static connect(): SlotSocket {
    const options = { transports: ['websocket', 'polling'], tryAllTransports: true, forceNew: true };
    return new SlotSocket(io(SLOT_NAMESPACE, options));
  }

  watch(doctorId: string, onchange: (change: SlotChange) => void): Unsubscribe {
    this.#watched.set(doctorId, onchange);
    if (this.#socket.connected) this.#ask(doctorId);
    return () => {
      if (!this.#watched.delete(doctorId) || !this.#socket.connected) return;
      const payload: WatchPayload = { doctorId };
      this.#socket.emit('slots.unwatch', payload, () => undefined);
    };
  }

  close(): void {
    this.#watched.clear();
    this.#socket.removeAllListeners();
    this.#socket.disconnect();
  }

  #ask(doctorId: string): void {
    const payload: WatchPayload = { doctorId };
    this.#socket.emit('slots.watch', payload, () => {
      this.#watched.get(doctorId)?.({ doctorId, from: null, to: null });
    });
  }
}
