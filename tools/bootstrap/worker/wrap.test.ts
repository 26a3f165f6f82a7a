import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../places.mjs';
import { wrapDirectory } from './wrap.mjs';

describe('the directory of a wrap file', () => {
  it('is read from the section that counts', () => {
    const text = '[provide]\ndirectory = wrong\n[wrap-file]\r\ndirectory = libuv-v1.51.0 \nsource_url = x\n';

    expect(wrapDirectory(text)).toBe('libuv-v1.51.0');
  });

  it('is unknown where there is none', () => {
    expect(wrapDirectory('[wrap-git]\nurl = x\n')).toBeUndefined();
  });

  it('is known for each of our subprojects in the mediasoup that is installed', () => {
    const shims = readdirSync(join(projectRoot, 'tools', 'worker-shims'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name);
    const subprojects = join(projectRoot, 'node_modules', 'mediasoup', 'worker', 'subprojects');

    expect(shims).toHaveLength(6);
    for (const name of shims) {
      expect(wrapDirectory(readFileSync(join(subprojects, `${name}.wrap`), 'utf8')), name).toMatch(/\d/);
    }
  });
});
