import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../places.mjs';
import { applyPatch, patches } from './patches.mjs';

describe('the patches of the worker', () => {
  it.each(patches.map((patch) => [patch.file, patch] as const))(
    '%s fits the mediasoup that is installed',
    (file, patch) => {
      const text = readFileSync(join(projectRoot, 'node_modules', 'mediasoup', 'worker', file), 'utf8');
      const patched = applyPatch(text, patch);

      expect(patched).toContain(patch.replacement);
      expect(patched).not.toBe(text);
    },
  );

  it('notices that the place is not there any more', () => {
    const [patch] = patches;
    if (!patch) throw new Error('there are no patches');

    expect(applyPatch('something else', patch)).toBeUndefined();
  });
});
