import { ERRORS, ProductError, type ErrorCode } from '@health-connect/contract';
import type { Middleware } from 'koa';
import { isDatabaseUnavailable } from '../database/errors.ts';
import type { Logger } from '../logging/logger.ts';
import { currentRequestId } from '../logging/request-context.ts';

/** Codes with which a refusal of the HTTP machinery itself (bad encoding, bad path) is told. */
const REFUSALS: Readonly<Record<number, ErrorCode>> = {
  400: 'validation_failed',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  413: 'body_too_large',
  415: 'unsupported_media_type',
};

function refusalOf(error: unknown): ErrorCode | undefined {
  if (error instanceof URIError) return 'validation_failed';
  if (!(error instanceof Error) || !('status' in error) || typeof error.status !== 'number') return undefined;
  return REFUSALS[error.status];
}

/** The one mapper: what a caller is told of anything that was thrown. Unknown errors are masked as `internal`. */
export function toProductError(error: unknown): ProductError {
  if (error instanceof ProductError) return error;
  if (isDatabaseUnavailable(error)) return new ProductError('unavailable', { cause: error });
  return new ProductError(refusalOf(error) ?? 'internal', { cause: error });
}

/** Logs a failure at the level that it deserves: refusals at debug, our own faults with their stack. */
export function logFailure(logger: Logger, failure: ProductError): void {
  if (failure.code === 'internal') logger.error({ err: failure.cause ?? failure }, 'Request failed unexpectedly');
  else if (failure.status >= 500) logger.warn({ err: failure, errorCode: failure.code }, 'Request could not be served');
  else logger.debug({ errorCode: failure.code }, 'Request refused');
}

/** Answers every failure in the one error shape. */
export function errorMapper(logger: Logger): Middleware {
  return async (ctx, next) => {
    try {
      await next();
    } catch (error) {
      const failure = toProductError(error);
      logFailure(logger, failure);
      ctx.status = failure.status;
      ctx.body = { error: failure.toFailure(currentRequestId() ?? '') };
      if (failure.code === 'body_too_large') ctx.set('Connection', 'close');
      const retryAfterSeconds =
        failure.retryAfterSeconds ?? (failure.status === ERRORS.unavailable.status ? 5 : undefined);
      if (retryAfterSeconds !== undefined) ctx.set('Retry-After', String(retryAfterSeconds));
    }
  };
}
