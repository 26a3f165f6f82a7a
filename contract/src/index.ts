export * from './access.ts';
export * from './account.ts';
export * from './appointment.ts';
export * from './errors.ts';
export * from './http/index.ts';
export * from './ids.ts';
export * from './media/index.ts';
export * from './realtime/index.ts';
