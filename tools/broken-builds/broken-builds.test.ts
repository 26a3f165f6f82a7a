import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../bootstrap/places.mjs';
import { BROKEN_BUILDS } from './broken-builds.ts';

const read = (file: string): string => readFileSync(join(projectRoot, file), 'utf8');

describe('builds that are broken on purpose', () => {
  it('are there for every gate', () => {
    const gates = ['A1', 'A2', 'A3', 'A4', 'A5', 'A6', 'A7', 'A13', 'A14', 'A15', 'A16', 'B1', 'B2'];
    expect([...new Set(BROKEN_BUILDS.map(({ gate }) => gate))]).toEqual(gates);
  });

  it.each(BROKEN_BUILDS)('$gate: $broken', ({ file, from, to, test }) => {
    expect(read(file).split(from)).toHaveLength(2);
    expect(to).not.toBe(from);
    expect(read(test.file)).toContain(test.name);
  });
});
