import { pino, type DestinationStream, type Logger } from 'pino';
import { z } from 'zod';
import { currentRequestId } from './request-context.ts';

/** What is never written to a log, wherever it stands in what is logged. */
const SECRETS = ['token', 'authorization', 'cookie', 'password', 'sessionSecret', 'name', 'auth'];
const REDACTED = SECRETS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

const lineSchema = z.looseObject({ level: z.number(), time: z.number(), msg: z.string().default('') });
const BORING = new Set(['level', 'time', 'msg', 'pid', 'hostname']);

function readable(line: string): string {
  const parsed = lineSchema.parse(JSON.parse(line));
  const rest = Object.entries(parsed).filter(([key]) => !BORING.has(key));
  const details = rest.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(' ');
  const level = pino.levels.labels[parsed.level] ?? String(parsed.level);
  return `${new Date(parsed.time).toISOString().slice(11, 23)} ${level.toUpperCase()} ${parsed.msg} ${details}`.trimEnd();
}

/** What waits for a slow reader of the log; beyond it lines are lost, and calls go on. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** The root logger: JSON lines for machines, or plain lines for people. */
export function createLog(options: {
  level: string;
  format: 'json' | 'pretty';
  /** Where JSON lines go; standard output when there is none. */
  destination?: DestinationStream;
}): Logger {
  const settings = {
    level: options.level,
    redact: { paths: REDACTED, censor: '[redacted]' },
    mixin: requestFields,
  };
  if (options.format === 'json') {
    // Never in step with its reader: a pipe that is full for a moment would stop every call for a tenth of a second.
    const out = { fd: 1, sync: false, maxLength: LONGEST_BACKLOG_BYTES };
    return pino(settings, options.destination ?? pino.destination(out));
  }
  return pino(settings, { write: (line: string) => void process.stdout.write(`${readable(line)}\n`) });
}

function requestFields(): { requestId?: string } {
  const requestId = currentRequestId();
  return requestId === undefined ? {} : { requestId };
}
