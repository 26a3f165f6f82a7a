export * from './app-socket.ts';
export * from './message.ts';
export * from './slot-socket.ts';
