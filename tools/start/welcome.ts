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
  if (!demo) return ['  No demonstration accounts were made (--empty).', ...firstAdministratorLines(dataDir)];
  const file = join(dataDir, 'demo-accounts.json');
  if (!existsSync(file)) return ['  This database was not empty, so no demonstration accounts were made.'];

  const accounts = z.array(demoAccountSchema).parse(JSON.parse(readFileSync(file, 'utf8')));
  return [`  Demonstration accounts (kept in ${file}):`, '', ...table([HEADINGS, ...accounts])];
}

/** An installation without an administrator offers one link, once, to whoever runs the machine. */
function firstAdministratorLines(dataDir: string): string[] {
  const file = join(dataDir, 'first-administrator-link.txt');
  if (!existsSync(file)) return [];
  const link = readFileSync(file, 'utf8').trim();
  return ['', `  Become the first administrator (works once, for 7 days; kept in ${file}):`, '', `  ${link}`];
}

type Row = Readonly<Record<keyof typeof HEADINGS, string>>;

function table(rows: readonly Row[]): string[] {
  const columns = ['role', 'name', 'email', 'password'] as const;
  const widths = columns.map((column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    `  ${columns.map((column, index) => row[column].padEnd(widths[index] ?? 0)).join('  ')}`.trimEnd(),
  );
}
