import { describe, expect, it } from 'vitest';
import { isSecureContext, readSettings } from './settings.mjs';

describe('the settings', () => {
  it('have defaults that listen on this machine only', () => {
    expect(readSettings('/root', [], {})).toMatchObject({
      dataDir: '/root/.data',
      host: '127.0.0.1',
      publicUrl: 'http://localhost:3000',
      port: 3000,
      mediaPort: 3001,
      mongoPort: 27027,
      rtcPort: 40000,
      demo: true,
      mongodbUri: undefined,
    });
  });

  it('make no demonstration accounts with --empty', () => {
    expect(readSettings('/root', ['--empty'], {}).demo).toBe(false);
  });

  it.each([
    [['--emtpy'], {}, '"--emtpy"'],
    [[], { HC_PORT: '70000' }, 'HC_PORT is "70000"'],
    [[], { HC_MONGO_PORT: 'x' }, 'HC_MONGO_PORT is "x"'],
    [[], { HC_PUBLIC_URL: 'visits.example' }, 'HC_PUBLIC_URL is "visits.example"'],
  ])('refuse %j %j', (args, env, sentence) => {
    expect(() => readSettings('/root', args, env)).toThrow(sentence);
  });

  it('know where browsers give camera and microphone', () => {
    const answers = ['http://localhost:3000', 'https://a.example', 'http://127.0.0.1:1', 'http://a.example'].map(
      isSecureContext,
    );

    expect(answers).toEqual([true, true, true, false]);
  });
});
