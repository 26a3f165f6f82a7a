import { describe, expect, it } from 'vitest';
import { loadCommonPasswords } from './common-passwords.ts';
import { isUsable, passwordStrength } from './password-strength.ts';

const none = () => false;

describe('strength of a new password (NIST SP 800-63B)', () => {
  it.each([
    ['', 'empty'],
    ['elevenchars', 'short'],
    ['twelve chars', 'fair'],
    ['a walk along the river', 'strong'],
    ['x1'.repeat(64), 'common'],
    ['a walk along the river'.repeat(6), 'long'],
    ['🦊🚲🌲🍋'.repeat(32), 'strong'],
    ['🦊🚲🌲🍋'.repeat(33), 'long'],
  ])('%s is %s', (password, strength) => {
    expect(passwordStrength(password, [], none)).toBe(strength);
  });

  it('asks for no kinds of characters', () => {
    expect(isUsable(passwordStrength('correct horse battery', [], none))).toBe(true);
  });

  it('counts characters as people see them', () => {
    expect(passwordStrength('🌳'.repeat(6), [], none)).toBe('short');
  });

  it('refuses what others know of the person', () => {
    expect(passwordStrength('Ana.Lima@clinic.org', ['Ana Lima', 'ana.lima@clinic.org'], none)).toBe('personal');
  });

  it('refuses the commonest ones of the bundled list', async () => {
    const isCommon = await loadCommonPasswords();
    expect(passwordStrength('Qwertyuiop12', [], isCommon)).toBe('common');
    expect(passwordStrength('Password1234', [], isCommon)).toBe('common');
    expect(passwordStrength('a walk along the river', [], isCommon)).toBe('strong');
  });
});
