import { credentialsSchema, newPasswordSchema } from '@health-connect/contract';
import { describe, expect, it } from 'vitest';
import { isCommonPassword } from './password-policy.ts';

const owner = { name: 'Jonas Lindqvist', email: 'jonas.lindqvist@clinic.example' };

describe('the length of a new password (NIST SP 800-63B)', () => {
  it.each(['eleven char', 'x'.repeat(129), '', '😀'.repeat(11), '😀'.repeat(129), 'x'.repeat(100_000)])(
    'refuses %s',
    (password) => {
      expect(newPasswordSchema.safeParse(password).success).toBe(false);
    },
  );

  it.each([
    'twelve chars',
    'x'.repeat(128),
    '😀'.repeat(12),
    '😀'.repeat(128),
    'пароль на дереве',
    '            ',
    '\u0000'.repeat(12),
  ])('takes %s: any character, no rules of composition', (password) => {
    expect(newPasswordSchema.safeParse(password).success).toBe(true);
  });

  it('counts characters in the form in which they are hashed', () => {
    expect(newPasswordSchema.safeParse('e\u0301'.repeat(11)).success).toBe(false);
    expect(newPasswordSchema.safeParse('e\u0301'.repeat(128)).success).toBe(true);
  });

  it('takes at sign-in whatever can be chosen', () => {
    for (const password of ['😀'.repeat(128), 'e\u0301'.repeat(128)]) {
      expect(credentialsSchema.safeParse({ email: 'a@b.example', password }).success).toBe(true);
    }
  });
});

describe('the commonest passwords', () => {
  it.each([
    'qwerty123456',
    'QWERTY123456',
    '1qaz2wsx3edc',
    'password1234',
    'Password2024!',
    'unbelievable',
    '123456789012',
    '987654321098',
    'abcdefghijkl',
    'aaaaaaaaaaaa',
    'abcabcabcabc',
    'dragondragon',
    'jonas.lindqvist',
    'JonasLindqvist1',
    'lindqvistlindqvist',
    'jonas.lindqvist@clinic.example',
    'healthconnect',
    'Health Connect 1',
    '            ',
  ])('include %s', (password) => {
    expect(isCommonPassword(password, owner)).toBe(true);
  });

  it.each([
    'correct horse battery staple',
    'xk3m-pq9w-abcd-7tzr',
    'dragon eats nine lemons',
    'monkey83719264018',
    'dreißig Zwetschgen',
  ])('do not include %s', (password) => {
    expect(isCommonPassword(password, owner)).toBe(false);
  });
});
