import { z } from 'zod';

const LEVEL_NAMES: Readonly<Record<number, string>> = {
  10: 'TRACE',
  20: 'DEBUG',
  30: 'INFO',
  40: 'WARN',
  50: 'ERROR',
  60: 'FATAL',
};

const lineSchema = z.looseObject({
  level: z.number(),
  time: z.number(),
  msg: z.string().optional(),
  err: z.object({ stack: z.string().optional(), message: z.string().optional() }).optional(),
});

/** One log line for people: time of day, level, sentence, then the rest as `key=value`. */
export function prettyLine(json: string): string {
  const parsed = lineSchema.safeParse(JSON.parse(json));
  if (!parsed.success) return json;
  const { level, time, msg, err, server: _server, ...rest } = parsed.data;
  const clock = new Date(time).toISOString().slice(11, 23);
  const pairs = Object.entries(rest).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  const head = [clock, (LEVEL_NAMES[level] ?? 'LOG').padEnd(5), msg ?? '', ...pairs].join(' ');
  const trouble = err?.stack ?? err?.message;
  return trouble === undefined ? `${head}\n` : `${head}\n${trouble}\n`;
}

/** Destination that turns pino's JSON lines into lines for people. */
export class PrettyStream {
  readonly #target: { write(text: string): void };

  constructor(target: { write(text: string): void }) {
    this.#target = target;
  }

  write(json: string): void {
    this.#target.write(prettyLine(json));
  }
}
