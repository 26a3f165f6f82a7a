import { describe, expect, it } from 'vitest';
import { renderMongodLine, renderServerLine } from './log-line.ts';

const time = new Date(2026, 0, 2, 3, 4, 5).getTime();
const line = (fields: object): string => JSON.stringify({ level: 30, time, pid: 1, hostname: 'h', ...fields });

describe('a line of a server’s log', () => {
  it('shows time, level, message and a few fields', () => {
    expect(renderServerLine(line({ msg: 'listening', port: 3000 }), false)).toBe('03:04:05 info  listening port=3000');
  });

  it.each([
    { req: { method: 'GET', url: '/healthz' }, res: { statusCode: 200 }, responseTime: 3.4 },
    { server: 'api', method: 'GET', path: '/healthz', status: 200, responseTimeMs: 3 },
  ])('shows the request %j as one', (fields) => {
    expect(renderServerLine(line({ msg: 'answered', ...fields }), false)).toBe(
      '03:04:05 info  answered GET /healthz 200 3 ms',
    );
  });

  it('shows where an error came from', () => {
    const fields = { level: 50, msg: 'failed', err: { message: 'broken', stack: 'Error: broken\n    at here' } };

    expect(renderServerLine(line(fields), false)).toBe('03:04:05 error failed\n    Error: broken\n        at here');
  });

  it('is coloured only when asked to', () => {
    expect(renderServerLine(line({ level: 40, msg: 'careful' }), true)).toContain('\u001b[33mwarn \u001b[0m');
  });

  it.each(['plain text', '{not json', '{"no":"level"}', '[1]'])('stays as it is when it is %s', (text) => {
    expect(renderServerLine(text, false)).toBe(text);
  });
});

describe('a line of mongod’s log', () => {
  it('is left out when it is no problem', () => {
    expect(renderMongodLine('{"s":"I","msg":"Waiting for connections"}', false)).toBeUndefined();
    expect(renderMongodLine('{"s":"W","msg":"no access control","tags":["startupWarnings"]}', false)).toBeUndefined();
  });

  it('is shown when it is one', () => {
    expect(renderMongodLine('{"s":"E","msg":"Failed to set up listener","attr":{"port":1}}', false)).toBe(
      'error Failed to set up listener port=1',
    );
  });
});
