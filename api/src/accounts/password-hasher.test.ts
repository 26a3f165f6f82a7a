import { describe, expect, it } from 'vitest';
import { PasswordHasher } from './password-hasher.ts';

describe('PasswordHasher (R32)', () => {
  it('makes argon2id hashes of at least 19 MiB, two passes, one lane', async () => {
    const hasher = await PasswordHasher.create(1);
    const made = await hasher.hash('secret');
    expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2\$|^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await hasher.verify(made, 'secret')).toBe(true);
    expect(await hasher.verify(made, 'Secret')).toBe(false);
    expect(await hasher.hash('secret')).not.toBe(made);
  });

  it('says no without a hash', async () => {
    const hasher = await PasswordHasher.create(1);
    expect(await hasher.verify(undefined, '')).toBe(false);
  });

  it('refuses by unavailable when too many wait, and serves the others (A7)', async () => {
    const hasher = await PasswordHasher.create(1, 2);
    const outcomes = await Promise.allSettled(Array.from({ length: 6 }, () => hasher.verify(undefined, 'x')));
    const refused = outcomes.filter(({ status }) => status === 'rejected');
    expect(refused).toHaveLength(3);
    for (const outcome of refused) expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
    expect(await hasher.verify(undefined, 'x')).toBe(false);
  });

  it('gives its turn on when a hash cannot be read', async () => {
    const hasher = await PasswordHasher.create(1, 1);
    await expect(hasher.verify('not a hash', 'x')).rejects.toThrow();
    await expect(hasher.verify('not a hash', 'x')).rejects.toThrow();
    expect(await hasher.verify(undefined, 'x')).toBe(false);
  });
});
