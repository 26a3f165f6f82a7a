import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { welcomeText } from './welcome.ts';

describe('what is printed when everything runs', () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'welcome-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is a table of the demonstration accounts and the address', () => {
    const accounts = [
      { role: 'doctor', name: 'Dr. A', email: 'a@example.org', password: 'one-two' },
      { role: 'patient', name: 'Somebody Long', email: 'b@example.org', password: 'three' },
    ];
    writeFileSync(join(folder, 'demo-accounts.json'), JSON.stringify(accounts));
    const lines = welcomeText(folder, true, 'http://localhost:3000').split('\n');

    expect(lines).toContain('  Role     Name           E-mail         Password');
    expect(lines).toContain('  doctor   Dr. A          a@example.org  one-two');
    expect(lines).toContain('  patient  Somebody Long  b@example.org  three');
    expect(lines).toContain('  open http://localhost:3000');
  });

  it('says that --empty makes no accounts', () => {
    expect(welcomeText(folder, false, 'http://localhost:3000')).toContain(
      'No demonstration accounts were made (--empty)',
    );
  });

  it('offers the link of the first administrator while there is none', () => {
    expect(welcomeText(folder, false, 'http://localhost:3000')).not.toContain('administrator');
    writeFileSync(join(folder, 'first-administrator-link.txt'), 'http://localhost:3000/invitation#token=x\n');
    const lines = welcomeText(folder, false, 'http://localhost:3000').split('\n');
    expect(lines).toContain('  http://localhost:3000/invitation#token=x');
  });

  it('says why there are none in a database that was not empty', () => {
    expect(welcomeText(folder, true, 'http://localhost:3000')).toContain('not empty');
  });
});
