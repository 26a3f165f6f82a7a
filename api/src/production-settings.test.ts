import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import { loadConfig, SETTINGS } from './config.ts';

const docker = join(import.meta.dirname, '../../docker');
const read = (name: string): string => readFileSync(join(docker, name), 'utf8');

/** Settings that production on one machine does without, and why. */
const NOT_NEEDED: Readonly<Record<string, string>> = {
  HC_WEB_DIR: 'the image has the web app where it is looked for',
  HC_LOG_FORMAT: 'json, for the receiver of logs',
  HC_DEMO: 'no demonstration accounts in a hospital',
  HC_SUPERVISED: 'Docker watches over the process',
  HC_JOBS: 'the one api process runs the jobs',
  HC_API_PRIVATE_KEY_FILE: 'stays in the data folder, which only the api sees',
};

const compose = read('compose.yaml');
const example = parseEnv(read('.env.example'));

/** The environment that compose gives to the api, before anything is filled in. */
function environmentOfApi(): Map<string, string> {
  const service = /^ {2}api:\n(.*?)^ {2}\S/ms.exec(compose)?.[1] ?? '';
  const lines = service.matchAll(/^ {6}([A-Z_]+): (.*)$/gm);
  return new Map([...lines].map(([, name = '', value = '']) => [name, value.replace(/^'(.*)'$/, '$1')]));
}

/** What compose makes of a value: `${NAME}`, `${NAME:-default}`, `${NAME:?what to fill in}`. */
function filledIn(value: string, settings: Readonly<Record<string, string | undefined>>): string {
  return value.replaceAll(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, rest?: string) => {
    const given = settings[name] ?? '';
    if (given === '' && kind === '?') throw new Error(`${name} has to be filled in: ${rest ?? ''}`);
    return given === '' && kind === '-' ? (rest ?? '') : given;
  });
}
const apiWith = (settings: Readonly<Record<string, string | undefined>>) =>
  loadConfig(Object.fromEntries([...environmentOfApi()].map(([name, value]) => [name, filledIn(value, settings)])));

describe('production on one machine (docker/compose.yaml)', () => {
  it('gives the api every setting that there is, or says why not', () => {
    const given = [...environmentOfApi().keys()];
    expect([...given, ...Object.keys(NOT_NEEDED)].sort()).toEqual([...SETTINGS].sort());
  });

  it('starts with what the example says: mails are sent, visitors are told apart, a second factor is asked for', () => {
    const { mail, trustedProxies, requireSecondFactor, joinEarlyMinutes, demo } = apiWith(example);
    expect(mail?.url).toMatch(/^smtps?:/);
    expect(mail?.from).toContain('@');
    expect({ trustedProxies, requireSecondFactor, joinEarlyMinutes, demo }).toEqual({
      trustedProxies: 1,
      requireSecondFactor: true,
      joinEarlyMinutes: 30,
      demo: false,
    });
  });

  it.each(['HC_PUBLIC_URL', 'HC_MEDIA_PUBLIC_URL', 'HC_SMTP_URL', 'HC_MAIL_FROM', 'HC_TRUST_PROXY'])(
    'does not start without %s, for which there is no safe default',
    (name) => {
      expect(() => apiWith({ ...example, [name]: '' })).toThrow(name);
    },
  );

  it('has an example and a word of explanation for everything that is filled in', () => {
    const names = [...new Set([...compose.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name))];
    expect(names.filter((name) => !(name in example))).toEqual([]);
    const explained = read('README.md');
    expect(Object.keys(example).filter((name) => !explained.includes(`\`${name}\``))).toEqual([]);
    expect(Object.keys(example).sort()).toEqual(names.sort());
  });
});
