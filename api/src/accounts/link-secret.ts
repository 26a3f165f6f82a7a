import { createHash, randomBytes } from 'node:crypto';

const SECRET_BYTES = 32;

/** A new token of a mailed link: 256 random bits. */
export const newLinkSecret = (): string => randomBytes(SECRET_BYTES).toString('base64url');

/** The stored form. A plain hash is enough for a secret that nobody can guess (OWASP ASVS 5.0, 11.4.2). */
export const linkSecretHash = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
