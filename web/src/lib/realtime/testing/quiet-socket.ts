import { vi } from 'vitest';
import type { App } from '../../app/app.svelte.ts';
import { Emitter } from '../../emitter.ts';
import { AppSocket, type AppSocketEvents } from '../app-socket.ts';

/** Gives an app a socket that is connected to nobody, and answers what tells of events in its place. For tests. */
export function giveQuietSocket(app: App): Emitter<AppSocketEvents> {
  const events = new Emitter<AppSocketEvents>();
  const socket = AppSocket.connect('a'.repeat(24));
  socket.close();
  vi.spyOn(socket, 'on').mockImplementation((name, listener) => events.on(name, listener));
  vi.spyOn(app, 'socket', 'get').mockReturnValue(socket);
  return events;
}
