import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { demoAccountSchema } from '@health-connect/contract';
import { z } from 'zod';

const HEADINGS = { role: 'Role', name: 'Name', email: 'E-mail', password: 'Password' };

/** What is printed once everything runs: the demonstration accounts and where to go. */
export function welcomeText(dataDir: string, demo: boolean, publicUrl: string): string {
  return ['', ...accountLines(dataDir, demo), '', `  open ${publicUrl}`, ''].join('\n');
}

function accountLines(dataDir: string, demo: boolean): string[] {
  if (!demo) return ['  No demonstration accounts were made (--empty).'];
  const file = join(dataDir, 'demo-accounts.json');
  if (!existsSync(file)) return ['  This database was not empty, so no demonstration accounts were made.'];

  const accounts = z.array(demoAccountSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  return [`  Demonstration accounts (kept in ${file}):`, '', ...table([HEADINGS, ...accounts])];
}

type Row = Readonly<Record<keyof typeof HEADINGS, string>>;

function table(rows: readonly Row[]): string[] {
  const columns = ['role', 'name', 'email', 'password'] as const;
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    `  ${columns.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}
