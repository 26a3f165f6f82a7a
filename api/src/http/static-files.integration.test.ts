import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectRefusal } from '../testing/answers.ts';
import { TestServer } from '../testing/test-server.ts';

const PAGE = '<!doctype html><title>Health Connect</title><script>alert(1)</script>';
const SCRIPT = 'console.log("hello")';

let folder: string;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'health-connect-web-'));
  const build = join(folder, 'build');
  await mkdir(join(build, '_app/immutable'), { recursive: true });
  await writeFile(join(build, '200.html'), PAGE);
  await writeFile(join(build, 'about.html'), '<title>About</title>');
  await writeFile(join(build, 'favicon.svg'), '<svg/>');
  await writeFile(join(build, '.secret'), 'hidden');
  await writeFile(join(build, '_app/version.json'), '{}');
  const script = join(build, '_app/immutable/app.js');
  await writeFile(script, SCRIPT);
  await writeFile(`${script}.br`, brotliCompressSync(SCRIPT));
  await writeFile(`${script}.gz`, gzipSync(SCRIPT));
  await writeFile(join(folder, 'outside.txt'), 'outside');
  server = await TestServer.start({ HC_WEB_DIR: build });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

const get = (path: string, headers: Record<string, string> = {}) => server.call('GET', path, { headers });
const html = { accept: 'text/html' };

/** Asks for a path exactly as written: `fetch` would tidy it up first. */
async function statusAndText(path: string, headers: Record<string, string> = html): Promise<string> {
  const answered = Promise.withResolvers<string>();
  const asked = request({ host: '127.0.0.1', port: server.application.port, path, headers }, (response) => {
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.on('end', () => answered.resolve(`${response.statusCode ?? 0} ${text}`));
  });
  asked.once('error', answered.reject);
  asked.end();
  return answered.promise;
}

describe('the built web app', () => {
  it.each(['/', '/appointments', '/consultations/0123456789abcdef01234567/prepare'])(
    'answers a person who opens %s with its start page, never cached',
    async (path) => {
      const response = await get(path, html);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toContain('text/html');
      expect(response.headers.get('cache-control')).toBe('no-cache');
      expect(await response.text()).toBe(PAGE);
    },
  );

  it('lets the start page run the script that stands in it, by its hash', async () => {
    const { headers } = await get('/appointments', html);
    expect(headers.get('content-security-policy')).toContain(
      "script-src 'self' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';",
    );
  });

  it('serves prerendered pages and files', async () => {
    expect(await (await get('/about', html)).text()).toContain('About');
    expect((await get('/favicon.svg')).headers.get('content-type')).toContain('image/svg+xml');
    expect((await get('/_app/version.json')).headers.get('cache-control')).toBe('no-cache');
  });

  it('lets browsers keep for good what changes its name with its content', async () => {
    const { headers } = await get('/_app/immutable/app.js');
    expect(headers.get('cache-control')).toBe('max-age=31536000,immutable');
    expect(headers.get('content-type')).toContain('javascript');
  });

  it.each(['br', 'gzip'])('sends what was compressed by %s beforehand', async (encoding) => {
    const response = await get('/_app/immutable/app.js', { 'accept-encoding': encoding });
    expect(response.headers.get('content-encoding')).toBe(encoding);
    expect(response.headers.get('content-type')).toContain('javascript');
    expect(response.headers.get('vary')).toContain('Accept-Encoding');
    expect(await response.text()).toBe(SCRIPT);
  });

  it('sends nothing that the browser has already', async () => {
    const modified = (await get('/favicon.svg')).headers.get('last-modified') ?? '';
    expect(await statusAndText('/favicon.svg', { 'if-modified-since': modified })).toBe('304 ');
  });

  it.each(['/_app/immutable/old.js', '/_app/nothing', '/missing.png'])(
    'answers %s by 404, not by a page',
    async (path) => {
      const response = await get(path, html);
      expect(response.headers.get('content-encoding')).toBeNull();
      await expectRefusal(response, 404, 'not_found');
    },
  );

  it.each([
    '/../outside.txt',
    '/..%2foutside.txt',
    '/%2e%2e/outside.txt',
    '/_app/..%5c..%5coutside.txt',
    '//outside.txt',
    '/.secret',
    '/%2esecret',
    '/_app/immutable/../../../outside.txt',
    '/%00',
    '/outside.txt%00.html',
    '/%',
    '/%ff',
    '/200.html/x',
  ])('never leads out of the build or to hidden files: %s', async (path) => {
    const answer = await statusAndText(path);
    expect(answer).not.toMatch(/outside|hidden|root/);
    expect(answer).toMatch(/^(200 <!doctype|404 \{"error":|400 )/);
  });
});

describe('without a build', () => {
  it('says in plain words what to do', async () => {
    const bare = await TestServer.start();
    const response = await bare.call('GET', '/', { headers: html });
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toContain('text/plain');
    expect(await response.text()).toContain('npm start');
    await bare.close();
  });
});
