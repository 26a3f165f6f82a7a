import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes, type KeyObject } from 'node:crypto';
import { chmod, mkdir, readFile } from 'node:fs/promises';
import type { Config } from '../config.ts';
import { isMissing, readOrCreateSecret, writeAtomically } from './secret-file.ts';

const SESSION_KEY_BYTES = 32;
const QUEUE_KEY_BYTES = 32;

/** What this server signs with and checks against. Never leaves the process. */
export interface Secrets {
  /** HMAC key of session tokens. */
  readonly sessionKey: Buffer;
  /** HMAC key of audit entries. */
  readonly auditKey: Buffer;
  /** AES-256 key of authenticator secrets. */
  readonly secondFactorKey: Buffer;
  /** AES-256 key of what waits in queues. */
  readonly queueKey: Buffer;
  /** ES256 key of join and control tokens. */
  readonly apiPrivateKey: KeyObject;
  /**
   * ES256 key with which media nodes sign. Read anew each time: the node makes it on its own first start,
   * which may come later than ours. `undefined` while it is not there.
   */
  mediaPublicKey(): Promise<KeyObject | undefined>;
}

function newPrivateKey(): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

async function readPublicKey(file: string): Promise<KeyObject | undefined> {
  try {
    return createPublicKey(await readFile(file, 'utf8'));
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

async function publish(privateKey: KeyObject, file: string): Promise<void> {
  const pem = createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }).toString();
  const present = await readFile(file, 'utf8').catch((error: unknown) => {
    if (isMissing(error)) return undefined;
    throw error;
  });
  if (present !== pem) await writeAtomically(file, pem, 0o644);
}

/** Reads the server's secrets; makes those that are missing (first start) in a folder that only its user can open. */
export async function loadSecrets(
  config: Pick<
    Config,
    'dataDir' | 'keyFiles' | 'sessionKeyFile' | 'auditKeyFile' | 'queueKeyFile' | 'secondFactorKeyFile'
  >,
): Promise<Secrets> {
  await mkdir(config.dataDir, { recursive: true, mode: 0o700 });
  await chmod(config.dataDir, 0o700);
  const sessionKey = await readOrCreateSecret(config.sessionKeyFile, () =>
    randomBytes(SESSION_KEY_BYTES).toString('base64url'),
  );
  const auditKey = await readOrCreateSecret(config.auditKeyFile, () =>
    randomBytes(SESSION_KEY_BYTES).toString('base64url'),
  );
  const secondFactorKey = await readOrCreateSecret(config.secondFactorKeyFile, () =>
    randomBytes(SESSION_KEY_BYTES).toString('base64url'),
  );
  const queueKey = await readOrCreateSecret(config.queueKeyFile, () =>
    randomBytes(QUEUE_KEY_BYTES).toString('base64url'),
  );
  const apiPrivateKey = createPrivateKey(await readOrCreateSecret(config.keyFiles.apiPrivate, newPrivateKey));
  await publish(apiPrivateKey, config.keyFiles.apiPublic);
  return {
    sessionKey: Buffer.from(sessionKey, 'base64url'),
    secondFactorKey: Buffer.from(secondFactorKey, 'base64url'),
    queueKey: Buffer.from(queueKey, 'base64url'),
    auditKey: Buffer.from(auditKey, 'base64url'),
    apiPrivateKey,
    mediaPublicKey: () => readPublicKey(config.keyFiles.mediaPublic),
  };
}
