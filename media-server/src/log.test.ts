import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { createLog } from './log.ts';
import { runWithRequestId } from './request-context.ts';

describe('the log', () => {
  afterEach(() => {
    vi.restoreAllMocks();
  });

  function prettyLines(write: (log: ReturnType<typeof createLog>) => void): string {
    const lines: string[] = [];
    vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
      lines.push(line.toString());
      return true;
    });
    write(createLog({ level: 'info', format: 'pretty' }));
    return lines.join('');
  }

  it('never shows secrets or names, wherever they stand', () => {
    const text = prettyLines((log) => {
      log.info({ token: 'canary-1', name: 'canary-2', peer: { name: 'canary-3', sessionSecret: 'canary-4' } }, 'told');
      log.info({ request: { headers: { authorization: 'canary-5', cookie: 'canary-6' } } }, 'told');
    });
    expect(text).toContain('told');
    expect(text).not.toContain('canary');
  });

  it('carries the id of the request that is being handled, also after it has waited for something', async () => {
    const lines: string[] = [];
    const log = createLog({ level: 'info', format: 'json', destination: { write: (line) => void lines.push(line) } });
    log.info('before');
    await runWithRequestId('r-1', async () => {
      await Promise.resolve();
      log.info('while');
    });
    expect(
      lines.map((line) => z.object({ requestId: z.string().optional() }).parse(JSON.parse(line)).requestId),
    ).toEqual([undefined, 'r-1']);
  });

  it('is readable for people when asked, one line each', () => {
    const text = prettyLines((log) => log.warn({ room: 'abc' }, 'something happened'));
    expect(text).toMatch(/^\d\d:\d\d:\d\d\.\d{3} WARN something happened room="abc"\n$/);
  });
});
