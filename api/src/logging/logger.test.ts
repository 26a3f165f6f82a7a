import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { errorRecord } from './error-record.ts';
import { createLogger } from './logger.ts';
import { prettyLine } from './pretty-stream.ts';
import { runWithRequestId } from './request-context.ts';

function capture() {
  const lines: string[] = [];
  const logger = createLogger({ logLevel: 'trace', logFormat: 'json' }, { write: (line) => void lines.push(line) });
  return { logger, text: () => lines.join('') };
}

describe('the logger', () => {
  it('redacts secrets, names and texts up to two levels down', () => {
    const { logger, text } = capture();
    const person = { password: 'canary', name: 'canary', email: 'canary', token: 'canary', notes: 'canary' };
    logger.info({ ...person, person, deep: { person } }, 'said');
    logger.info({ req: { headers: { cookie: 'canary', authorization: 'canary' } } }, 'said');
    expect(text()).not.toContain('canary');
    expect(text()).toContain('[redacted]');
  });

  it('scrubs errors, which quote what people typed', () => {
    const { logger, text } = capture();
    logger.error({ err: Object.assign(new Error('dup key: { email: "canary" }'), { keyValue: 'canary' }) }, 'failed');
    expect(text()).toContain('dup key');
    expect(text()).not.toContain('canary');
  });

  it('adds the id of the request', () => {
    const { logger, text } = capture();
    runWithRequestId('the-id', () => logger.info('inside'));
    expect(text()).toContain('"requestId":"the-id"');
  });
});

describe('errorRecord', () => {
  it('keeps type, code, message and stack of an error and its causes, without quoted values and own fields', () => {
    const cause = Object.assign(new Error('E11000 dup key: { email: "canary@test.example" }'), {
      code: 11_000,
      keyValue: { email: 'canary' },
    });
    const record = errorRecord(new TypeError('Bad value "canary \\" canary" for field', { cause }));
    expect(JSON.stringify(record)).not.toContain('canary');
    expect(record).toMatchObject({ type: 'TypeError', message: 'Bad value "…"', cause: { code: 11_000 } });
    expect(record.stack).toContain('logger.test.ts');
    expect(record.stack?.split('\n')[0]).toBe('TypeError: Bad value "…"');
    expect(errorRecord(new Error("It can't be done: port 3000 is taken")).message).toBe(
      "It can't be done: port 3000 is taken",
    );
    expect(errorRecord('canary')).toEqual({ type: 'string', message: 'Something that is not an error was thrown' });
  });
});

describe('an error of several', () => {
  const refused = Object.assign(new Error('connect "canary"'), { code: 'ECONNREFUSED', address: 'canary' });

  it('names each as a cause, with its code and without its text, and as no field', () => {
    const error = new AggregateError([refused, new TypeError('"canary"'), 'canary'], 'Nobody answered');
    const record = errorRecord(error);
    expect(record.causes).toEqual([{ type: 'Error', code: 'ECONNREFUSED' }, { type: 'TypeError' }, { type: 'string' }]);
    expect(record).not.toHaveProperty('paths');
    expect(JSON.stringify(record)).not.toContain('canary');
  });

  it('is told as the cause of another too, and of very many the first ones', () => {
    const cause = new AggregateError(Array.from({ length: 1000 }, () => refused));
    expect(errorRecord(new Error('No', { cause })).cause?.causes).toHaveLength(20);
    expect(errorRecord(new AggregateError([]))).not.toHaveProperty('causes');
  });
});

describe('the stack of an error', () => {
  const stacked = (...frames: string[]): string => {
    const error = new Error('Oh');
    error.stack = ['Error: Oh', ...frames.map((frame) => `    at ${frame}`)].join('\n');
    return errorRecord(error).stack ?? '';
  };

  it.each([
    'run (/srv/Health Connect (old)/api/main.ts:3:7)',
    '/srv/Health Connect (old)/api/main.ts:3:7',
    'async Job.run (file:///srv/health%20connect%20(old)/api/main.ts:3:7)',
    'async file:///srv/(old)/api/main.ts:3:7',
    String.raw`new Thing (C:\Program Files (x86)\api\main.ts:3:7)`,
    'node:internal/process/task_queues:104:5',
    'async Promise.all (index 0)',
    'Array.map (<anonymous>)',
  ])('keeps the place: %s', (frame) => {
    expect(stacked('first (/a.ts:1:1)', frame, 'last (/z.ts:1:1)').split('\n').slice(1)).toEqual([
      '    at first (/a.ts:1:1)',
      `    at ${frame}`,
      '    at last (/z.ts:1:1)',
    ]);
  });

  it('keeps no line of a message, also when its last one looks like a place', () => {
    const error = new Error('Not "a\n    at canary (/canary of a path.ts:1:2)');
    expect(errorRecord(error).stack).not.toContain('canary');
    expect(errorRecord(error).stack).toContain('logger.test.ts');
  });

  it('is read at once, however long its lines are', () => {
    const error = new Error('Oh');
    error.stack = `Error: Oh before\n    at ${'(/:1:1'.repeat(20_000)}\n    at last (/z.ts:1:1)`;
    error.message = 'changed';
    expect(errorRecord(error).stack).toBe('Error: changed\n    at last (/z.ts:1:1)');
  });
});

describe('a message that quotes', () => {
  it.each([
    ['with marks in what it quotes', 'dup key: { name: "a" canary" }'],
    ['with lines in it', 'Cast failed for value "one\ncanary"'],
    ['what is cut off', 'Unexpected token "c" in "{canary...'],
    ['with other marks', 'Path `canary` is too long'],
    ['with single marks', "Value 'canary' does not fit"],
    ['with what looks like a place', 'Value "x\n    at canary (/canary.ts:1:2)" does not fit'],
  ])('%s says nothing of it, nor does its stack', (_how, message) => {
    const error = new Error(message);
    expect(JSON.stringify(errorRecord(error))).not.toContain('canary');
    expect(errorRecord(error).stack).toContain('logger.test.ts');
    // As libraries do that add to a message after the stack was made.
    error.message = `${message} for model "canary"`;
    expect(JSON.stringify(errorRecord(error))).not.toContain('canary');
  });

  it('names the fields that did not fit, with the rule', () => {
    const problem = Object.assign(new Error('Path `plan` (`canary`)'), { kind: 'maxlength' });
    const error = Object.assign(new Error('failed: `canary`'), { errors: { 'content.plan': problem, 'canary x': {} } });
    expect(errorRecord(error).paths).toEqual(['content.plan: maxlength']);
  });
});

describe('a log that nobody reads', () => {
  it('does not hold up the server', async () => {
    const script = `
      import { createLogger } from ${JSON.stringify(join(import.meta.dirname, 'logger.ts'))};
      const logger = createLogger({ logLevel: 'info', logFormat: 'json' });
      for (let line = 0; line < 2000; line += 1) logger.info({ line }, 'x'.repeat(200));
      // Whoever reads now gets it all.
      process.send('busy no longer');
      process.on('message', () => process.exit());`;
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    await new Promise((resolve) => child.once('message', resolve));
    const read: Buffer[] = [];
    child.stdout?.on('data', (chunk: Buffer) => void read.push(chunk));
    const lines = (): string[] => Buffer.concat(read).toString().trim().split('\n');
    await vi.waitFor(() => expect(lines()).toHaveLength(2000), 4000);
    child.send('end');
    await new Promise((resolve) => child.once('close', resolve));
    expect(lines()).toHaveLength(2000);
  });
});

describe('prettyLine', () => {
  it('is readable', () => {
    const json = JSON.stringify({ level: 30, time: 0, server: 'api', msg: 'Ready', port: 3000 });
    expect(prettyLine(json)).toBe('00:00:00.000 INFO  Ready port=3000\n');
  });

  it('shows the stack of an error', () => {
    const json = JSON.stringify({ level: 50, time: 0, msg: 'Oh', err: { message: 'm', stack: 'Error: m\n    at x' } });
    expect(prettyLine(json)).toBe('00:00:00.000 ERROR Oh\nError: m\n    at x\n');
  });
});
