import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ERROR_CODES, ERRORS, errorBodySchema, ProductError, validationError } from './errors.ts';

describe('the error catalogue', () => {
  it.each(ERROR_CODES)('%s has a failure status and a sentence that a person can act on (R47)', (code) => {
    expect(ERRORS[code].status).toBeGreaterThanOrEqual(400);
    expect(ERRORS[code].status).toBeLessThan(600);
    expect(ERRORS[code].message).toMatch(/^[A-Z].*[.]$/);
    expect(ERRORS[code].message).not.toMatch(/invalid|illegal|denied|failed/i);
  });

  it('goes over the wire and comes back as the same error', () => {
    const sent = new ProductError('not_found', { details: [{ path: 'id', message: 'gone' }] });
    const received = ProductError.fromFailure(errorBodySchema.parse({ error: sent.toFailure('r-1') }).error);
    expect(received).toMatchObject({ code: 'not_found', status: 404, requestId: 'r-1', details: sent.details });
  });

  it('names where a value was refused and never repeats the value', () => {
    const secret = 'correct horse battery staple';
    const refused = z.strictObject({ email: z.email() }).safeParse({ email: secret, [`x`]: secret });
    const error = validationError(refused.error ?? new z.ZodError([]));
    expect(error.details?.map((detail) => detail.path)).toContain('email');
    expect(JSON.stringify(error.toFailure('r'))).not.toContain(secret);
  });
});
