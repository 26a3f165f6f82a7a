export * from './app-socket.ts';
export * from './message.ts';
