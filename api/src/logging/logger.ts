import { pino, type DestinationStream, type Logger } from 'pino';
import type { Config } from '../config.ts';
import { errorRecord } from './error-record.ts';
import { PrettyStream } from './pretty-stream.ts';
import { currentRequestId } from './request-context.ts';

export type { Logger } from 'pino';

/** Keys whose values are never logged, at the top and one and two levels down. */
const SECRET_KEYS = [
  'password',
  'passwordHash',
  'token',
  'secret',
  'cookie',
  'authorization',
  'name',
  'email',
  'reason',
  'notes',
  'comment',
  'review',
  'text',
  'content',
  'allergies',
  'emergencyContact',
  'body',
];
const REDACTED_PATHS = SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]).concat('*["set-cookie"]');

/** What waits for a slow reader of the log; beyond it lines are lost, and the server goes on. */
const LONGEST_BACKLOG_BYTES = 16 * 1024 * 1024;

/** The server's log: JSON lines with the request id, without secrets, names and texts. */
export function createLogger(config: Pick<Config, 'logLevel' | 'logFormat'>, destination?: DestinationStream): Logger {
  const options = {
    level: config.logLevel,
    base: { server: 'api' },
    redact: { paths: REDACTED_PATHS, censor: '[redacted]' },
    serializers: { err: (error: unknown) => errorRecord(error) },
    mixin: () => {
      const requestId = currentRequestId();
      return requestId === undefined ? {} : { requestId };
    },
  };
  // Never in step with its reader: a pipe that is full for a moment would stop every request for a tenth of a second.
  const target = destination ?? pino.destination({ fd: 1, sync: false, maxLength: LONGEST_BACKLOG_BYTES });
  return pino(options, config.logFormat === 'pretty' ? new PrettyStream(target) : target);
}
