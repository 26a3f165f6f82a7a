/** What is logged of an error. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

const MAX_CAUSES = 4;

/** Drivers quote the offending value in double quotes; what somebody typed does not belong in a log. */
function scrub(text: string): string {
  return text.replace(/"(?:[^"\\\n]|\\.)*"?/g, '"…"');
}

/**
 * What may be logged of an error: type, code, message and stack without quoted values. Own properties are left
 * out, because database errors carry the stored values there.
 */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something that is not an error was thrown' };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : null;
  return {
    type: error.name,
    message: scrub(error.message),
    ...(code === null ? {} : { code }),
    ...(error.stack === undefined ? {} : { stack: scrub(error.stack) }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorRecord(error.cause, depth + 1) }),
  };
}
