/** Fields that every line has, or that are shown by other means. */
const SHOWN_ELSEWHERE = new Set(
  'level time msg pid hostname name server v err req res responseTime method path status responseTimeMs'.split(' '),
);
const MOST_FIELDS = 8;
const LEVELS: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const COLOURS: Readonly<Record<string, number>> = { trace: 90, debug: 90, info: 32, warn: 33, error: 31, fatal: 31 };

type Fields = Readonly<Record<string, unknown>>;

/**
 * Turns a line of a server's log (pino's JSON) into one for people: time, level, message and a few fields. Lines of
 * another kind stay as they are.
 */
export function renderServerLine(line: string, colour: boolean): string {
  const fields = parse(line);
  if (fields === undefined || typeof fields['level'] !== 'number') return line;

  const level = LEVELS[fields['level']] ?? String(fields['level']);
  const parts = [
    clockTime(fields['time']),
    paint(level.padEnd(5), COLOURS[level], colour),
    typeof fields['msg'] === 'string' ? fields['msg'] : '',
    ...describeRequest(fields),
    ...describeFields(fields),
  ];
  return [parts.filter(Boolean).join(' '), ...describeError(fields['err'])].join('\n');
}

/**
 * Turns a line of mongod's log into one for people; undefined for what nobody needs to see (all but warnings and
 * errors, and the warnings at start, which are about servers that others can reach).
 */
export function renderMongodLine(line: string, colour: boolean): string | undefined {
  const fields = parse(line);
  if (fields === undefined) return line;
  const level = { W: 'warn', E: 'error', F: 'fatal' }[String(fields['s'])];
  const tags = fields['tags'];
  if (level === undefined || (Array.isArray(tags) && tags.includes('startupWarnings'))) return undefined;

  const attributes = isFields(fields['attr']) ? describeFields(fields['attr']) : [];
  return [paint(level.padEnd(5), COLOURS[level], colour), String(fields['msg']), ...attributes].join(' ');
}

export function paint(text: string, code: number | undefined, colour: boolean): string {
  return colour && code !== undefined ? `\u001b[${code}m${text}\u001b[0m` : text;
}

/** A request, as pino-http logs it or as the api does. */
function describeRequest(fields: Fields): string[] {
  const req = isFields(fields['req']) ? fields['req'] : {};
  const res = isFields(fields['res']) ? fields['res'] : {};
  const words = [
    fields['method'] ?? req['method'],
    fields['path'] ?? req['url'],
    fields['status'] ?? res['statusCode'],
  ];
  const tookMs = fields['responseTimeMs'] ?? fields['responseTime'];
  return [
    ...words.filter((word) => typeof word === 'string' || typeof word === 'number').map(String),
    ...(typeof tookMs === 'number' ? [`${Math.round(tookMs)} ms`] : []),
  ];
}

function describeFields(fields: Fields): string[] {
  return Object.entries(fields)
    .filter(([name, value]) => !SHOWN_ELSEWHERE.has(name) && value !== null && value !== undefined)
    .slice(0, MOST_FIELDS)
    .map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

function describeError(error: unknown): string[] {
  if (!isFields(error)) return [];
  const text = typeof error['stack'] === 'string' ? error['stack'] : String(error['message']);
  return text.split('\n').map((line) => `    ${line}`);
}

function clockTime(time: unknown): string {
  const date = new Date(typeof time === 'number' || typeof time === 'string' ? time : Number.NaN);
  return Number.isNaN(date.getTime()) ? '' : date.toTimeString().slice(0, 8);
}

function parse(line: string): Fields | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(line);
    return isFields(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
