import { readFile } from 'node:fs/promises';
import { loadConfig } from '../config.ts';
import { Database } from '../database/database.ts';
import { createLogger } from '../logging/logger.ts';
import { AuditHeads } from './audit-heads.ts';
import { AuditTrailRepository } from './audit-trail.repository.ts';
import { AuditVerifier, type Verdict } from './audit-verifier.ts';

/** So many places are printed; the count says how many there are. */
const MAX_PRINTED = 50;

function print({ findings, notices, blocks, entries, waiting, head }: Verdict): void {
  const lines = [
    `${entries} entries in ${blocks} blocks, ${waiting} written a moment ago and not sealed yet`,
    `head of the chain: ${blocks} ${head}`,
    ...notices.map((notice) => `note: ${notice}`),
    ...findings.slice(0, MAX_PRINTED).map(({ kind, where }) => `${kind}: ${where}`),
    findings.length === 0
      ? 'The audit trail is whole.'
      : `The audit trail was tampered with: ${findings.length} findings.`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** `npm run audit:verify`: exit code 0 when the trail is whole, 1 when it is not, 2 when it could not be read. */
async function main(): Promise<number> {
  const config = loadConfig({ ...process.env, HC_LOG_LEVEL: 'fatal' });
  const key = Buffer.from(await readFile(config.auditKeyFile, 'utf8'), 'base64url');
  const database = await Database.connect(config.mongodbUri, createLogger(config));
  try {
    const heads = await AuditHeads.create(config.auditHeadsFile).all();
    const verdict = await database.report((reading) => {
      const trail = AuditTrailRepository.create(database.connection, reading);
      return AuditVerifier.verify({ trail, heads, key, nowMs: Date.now() });
    });
    print(verdict);
    return verdict.findings.length === 0 ? 0 : 1;
  } finally {
    await database.close();
  }
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(
      `The audit trail could not be checked: ${error instanceof Error ? error.message : 'unknown'}\n`,
    );
    process.exitCode = 2;
  },
);
