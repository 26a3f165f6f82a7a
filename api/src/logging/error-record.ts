/** What is logged of an error. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  /** Fields that did not fit, with the rule that each breaks. */
  readonly paths?: readonly string[];
  readonly stack?: string;
  readonly cause?: ErrorRecord;
}

const MAX_CAUSES = 4;

/** Where a quotation begins; an apostrophe within a word begins none. */
const QUOTATION = /["`]|(?<![\p{L}\p{N}])['‘“]/u;
/** A line of a stack that names a place in a program. */
const FRAME = /^\s+at (?:.*\()?(?:[^\s()]*:\d+:\d+|<anonymous>|native|index \d+)\)?$/;
const MAX_PATHS = 20;
const PATH = /^[\w.$-]{1,80}$/;

/**
 * A message up to the first value that it quotes: what somebody typed does not belong in a log, and where it ends cannot
 * be told, for it may hold quotation marks and lines of its own, and may be cut off.
 */
function scrub(message: string): string {
  const start = message.search(QUOTATION);
  return start === -1 ? message : `${message.slice(0, start)}"…"`;
}

/** The places at the end of a stack. Its beginning repeats the message, also as it was before it was changed. */
function framesOf(stack: string): string[] {
  const lines = stack.split('\n');
  return lines.slice(lines.findLastIndex((line) => !FRAME.test(line)) + 1);
}

/** Which fields did not fit, and why, of an error that tells it field by field. */
function pathsOf(error: Error): string[] {
  if (!('errors' in error) || typeof error.errors !== 'object' || error.errors === null) return [];
  const problems: readonly (readonly [string, unknown])[] = Object.entries(error.errors);
  return problems
    .filter(([path]) => PATH.test(path))
    .slice(0, MAX_PATHS)
    .map(([path, problem]) => `${path}: ${kindOf(problem)}`);
}

function kindOf(problem: unknown): string {
  const kind = typeof problem === 'object' && problem !== null && 'kind' in problem ? problem.kind : undefined;
  return typeof kind === 'string' && PATH.test(kind) ? kind : 'does not fit';
}

/**
 * What may be logged of an error: type, code, message and stack without quoted values, and the fields that it is about.
 * Own properties are left out, because database errors carry the stored values there.
 */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something that is not an error was thrown' };
  const code =
    'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : null;
  const message = scrub(error.message);
  const paths = pathsOf(error);
  return {
    type: error.name,
    message,
    ...(code === null ? {} : { code }),
    ...(paths.length === 0 ? {} : { paths }),
    ...(error.stack === undefined ? {} : { stack: [`${error.name}: ${message}`, ...framesOf(error.stack)].join('\n') }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorRecord(error.cause, depth + 1) }),
  };
}
