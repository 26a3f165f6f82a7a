import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
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
    child.send('end');
    await new Promise((resolve) => child.once('close', resolve));
    expect(Buffer.concat(read).toString().trim().split('\n')).toHaveLength(2000);
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
