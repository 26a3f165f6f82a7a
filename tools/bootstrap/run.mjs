import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';

/** Lines of output that are kept for an error message. */
const KEPT_LINES = 400;
/** Time that a child gets between SIGTERM and SIGKILL. */
const KILL_GRACE_MS = 3000;

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set();

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd]
 * @property {NodeJS.ProcessEnv} [env]
 * @property {number} [timeoutMs] the child is ended after this time
 * @property {(line: string) => void} [onLine] called for each line of either stream
 * @property {string} [logFile] receives the whole output
 *
 * @typedef {object} RunResult
 * @property {number} code exit code; 127 when the program could not be started, 124 when its time was over
 * @property {string} output the last lines of both streams
 */

/**
 * Runs a program to its end without blocking, output captured. Never rejects: a program that cannot be started is a
 * result with code 127.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, options = {}) {
  return new Promise((settle) => {
    const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const log = options.logFile ? createWriteStream(options.logFile, { flags: 'a' }) : undefined;
    const lines = collectLines(child, (line) => {
      log?.write(`${line}\n`);
      options.onLine?.(line);
    });
    let timedOut = false;
    const timer =
      options.timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            end(child);
          }, options.timeoutMs);

    running.add(child);
    const finish = (/** @type {number} */ code, /** @type {string} */ extra) => {
      clearTimeout(timer);
      running.delete(child);
      log?.end();
      settle({ code, output: [...lines, ...(extra ? [extra] : [])].join('\n') });
    };

    child.once('error', (error) => finish(127, error.message));
    child.once('close', (code) => {
      if (running.has(child)) finish(timedOut ? 124 : (code ?? 1), '');
    });
  });
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {(line: string) => void} onLine
 * @returns {string[]}
 */
function collectLines(child, onLine) {
  /** @type {string[]} */
  const lines = [];
  const take = (/** @type {string} */ line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    onLine(line);
  };

  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    let rest = '';
    stream.setEncoding('utf8');
    // Tools that draw a progress bar end its states with a carriage return.
    stream.on('data', (chunk) => {
      const parts = (rest + String(chunk)).split(/\r\n|\n|\r/);
      rest = parts.pop() ?? '';
      parts.forEach(take);
    });
    stream.on('end', () => {
      if (rest !== '') take(rest);
    });
  }

  return lines;
}

/** @param {import('node:child_process').ChildProcess} child */
function end(child) {
  child.kill('SIGTERM');
  setTimeout(() => child.kill('SIGKILL'), KILL_GRACE_MS).unref();
}

/** Ends every program that `run` has started and that is still going. */
export function endAllRuns() {
  for (const child of running) end(child);
}

/**
 * @param {string} text
 * @param {number} count
 * @returns {string}
 */
export function lastLines(text, count) {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}
