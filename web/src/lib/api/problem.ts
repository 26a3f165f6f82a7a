import { ProductError } from '@health-connect/contract';
import { m } from '#lib/paraglide/messages.js';
import { NoAnswerError } from './client.ts';

/** What a person is told of a request that failed: title, what to do, and the id for the help desk. */
export interface Problem {
  readonly kind: 'not-found' | 'forbidden' | 'offline' | 'server';
  readonly title: string;
  readonly text: string;
  readonly requestId: string | undefined;
}

/** Words for an error; anything unknown is ours. */
export function problemOf(error: unknown): Problem {
  if (error instanceof NoAnswerError && error.reason === 'offline') {
    return { kind: 'offline', title: m['error.offlineTitle'](), text: m['error.offline'](), requestId: undefined };
  }
  const requestId = error instanceof ProductError ? error.requestId : undefined;
  if (error instanceof ProductError && (error.code === 'not_found' || error.code === 'validation_failed')) {
    return { kind: 'not-found', title: m['error.notFoundTitle'](), text: m['error.notFound'](), requestId };
  }
  if (error instanceof ProductError && error.code === 'forbidden') {
    return { kind: 'forbidden', title: m['error.forbiddenTitle'](), text: m['error.forbidden'](), requestId };
  }
  const unreachable = error instanceof NoAnswerError || (error instanceof ProductError && error.code === 'unavailable');
  const text = unreachable ? m['net.serverDown']() : m['error.other']();
  return { kind: 'server', title: m['error.otherTitle'](), text, requestId };
}
