/** What is logged of an error. */
export interface ErrorRecord {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  /** Fields that did not fit, with the rule that each breaks. */
  readonly paths?: readonly string[];
  readonly stack?: string;
  readonly cause?: ErrorRecord;
  /** What came together in it: of several attempts, each failed in its own way. */
  readonly causes?: readonly BriefCause[];
}

/** One of many: what it was, without its text. */
export type BriefCause = Pick<ErrorRecord, 'type' | 'code'>;

const MAX_CAUSES = 4;

/** Where a quotation begins; an apostrophe within a word begins none. */
const QUOTATION = /["`]|(?<![\p{L}\p{N}])['‘“]/u;
/** A place in a program. A path from a root may hold spaces and parentheses. */
const PLACE = /(?:\/|file:\/\/|node:|[A-Za-z]:[\\/])[^"`]*:\d+:\d+|[^\s()]*:\d+:\d+|<anonymous>|native|index \d+/
  .source;
/** A line of a stack that names a place. */
const FRAME = new RegExp(`^\\s+at (?:async )?(?:(?:${PLACE})|.*\\((?:${PLACE})\\))$`);
/** Longer lines are none, however they look. */
const MAX_FRAME_LENGTH = 1000;
const MAX_LISTED = 20;
const PATH = /^[\w.$-]{1,80}$/;

/**
 * A message up to the first value that it quotes: what somebody typed does not belong in a log, and where it ends cannot
 * be told, for it may hold quotation marks and lines of its own, and may be cut off.
 */
function scrub(message: string): string {
  const start = message.search(QUOTATION);
  return start === -1 ? message : `${message.slice(0, start)}"…"`;
}

const isFrame = (line: string): boolean => line.length <= MAX_FRAME_LENGTH && FRAME.test(line);

/** The places at the end of a stack. Its beginning repeats the message, perhaps as it was before it was changed. */
function framesOf({ message, stack = '' }: Error): string[] {
  const start = stack.indexOf(message);
  const lines = stack.slice(start === -1 ? 0 : start + message.length).split('\n');
  return lines.slice(lines.findLastIndex((line) => !isFrame(line)) + 1);
}

/** Which fields did not fit, and why, of an error that tells it field by field. */
function pathsOf(errors: object): string[] {
  const problems: readonly (readonly [string, unknown])[] = Object.entries(errors);
  return problems
    .filter(([path]) => PATH.test(path))
    .slice(0, MAX_LISTED)
    .map(([path, problem]) => `${path}: ${kindOf(problem)}`);
}

function kindOf(problem: unknown): string {
  const kind = typeof problem === 'object' && problem !== null && 'kind' in problem ? problem.kind : undefined;
  return typeof kind === 'string' && PATH.test(kind) ? kind : 'does not fit';
}

/** What an error is made of: a list of errors (`AggregateError`), or one for each field. */
function partsOf(error: Error): Pick<ErrorRecord, 'paths' | 'causes'> {
  if (!('errors' in error) || typeof error.errors !== 'object' || error.errors === null) return {};
  if (Array.isArray(error.errors)) {
    const causes = error.errors.slice(0, MAX_LISTED).map(briefly);
    return causes.length === 0 ? {} : { causes };
  }
  const paths = pathsOf(error.errors);
  return paths.length === 0 ? {} : { paths };
}

function briefly(error: unknown): BriefCause {
  return error instanceof Error ? { type: error.name, ...codeOf(error) } : { type: typeof error };
}

function codeOf(error: Error): Pick<ErrorRecord, 'code'> {
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' || typeof code === 'number' ? { code } : {};
}

/**
 * What may be logged of an error: type, code, message and stack without quoted values, and the fields or the errors that
 * it is about. Own properties are left out, because database errors carry the stored values there.
 */
export function errorRecord(error: unknown, depth = 0): ErrorRecord {
  if (!(error instanceof Error)) return { type: typeof error, message: 'Something that is not an error was thrown' };
  const message = scrub(error.message);
  return {
    type: error.name,
    message,
    ...codeOf(error),
    ...partsOf(error),
    ...(error.stack === undefined ? {} : { stack: [`${error.name}: ${message}`, ...framesOf(error)].join('\n') }),
    ...(error.cause === undefined || depth >= MAX_CAUSES ? {} : { cause: errorRecord(error.cause, depth + 1) }),
  };
}
