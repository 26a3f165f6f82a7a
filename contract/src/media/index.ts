export * from './control.ts';
export * from './join-token.ts';
export * from './peer.ts';
export * from './protocol.ts';
export * from './rtp.ts';
export * from './webhook.ts';
