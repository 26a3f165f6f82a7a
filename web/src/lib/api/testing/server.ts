import { ERRORS, type ErrorCode } from '@health-connect/contract';
import { vi } from 'vitest';

/** What was asked of the server. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/** A refusal as the server writes it. */
export const refused = (code: ErrorCode, offers: readonly unknown[] = []): Response =>
  new Response(
    JSON.stringify({
      error: { code, message: ERRORS[code].message, requestId: 'r', ...(offers.length === 0 ? {} : { offers }) },
    }),
    { status: ERRORS[code].status },
  );

/** Answers for what is asked by `fetch` in a test, until its globals are given back; answers what was asked so far. */
export function serve(answer: (asked: Asked) => unknown): readonly Asked[] {
  const all: Asked[] = [];
  vi.stubGlobal('fetch', (input: unknown, init?: RequestInit) => {
    const asked = {
      method: init?.method ?? 'GET',
      path: typeof input === 'string' ? input : '',
      body: typeof init?.body === 'string' ? (JSON.parse(init.body) as unknown) : undefined,
    };
    all.push(asked);
    const given = answer(asked);
    return Promise.resolve(given instanceof Response ? given : new Response(JSON.stringify(given)));
  });
  return all;
}
