import { PASSWORD_MAX_LENGTH, PASSWORD_MIN_LENGTH, passwordLength } from '@health-connect/contract';

/** From here on a password counts as strong: length is what counts (NIST SP 800-63B). */
const STRONG_LENGTH = 16;

/** `common` and `personal` are refused like `short` and `long`; `fair` and `strong` can be used. */
export type PasswordStrength = 'empty' | 'short' | 'long' | 'common' | 'personal' | 'fair' | 'strong';

/**
 * How good a new password is.
 * @param personal what others know of the person, such as name and email
 * @param isCommon whether the bundled list of common passwords holds a text
 */
export function passwordStrength(
  password: string,
  personal: readonly string[],
  isCommon: (password: string) => boolean,
): PasswordStrength {
  const length = passwordLength(password);
  if (length === 0) return 'empty';
  if (length < PASSWORD_MIN_LENGTH) return 'short';
  if (length > PASSWORD_MAX_LENGTH) return 'long';
  const plain = password.toLowerCase();
  if (isCommon(plain) || new Set(plain).size < 4) return 'common';
  if (personal.some((text) => text.trim() !== '' && plain === text.trim().toLowerCase())) return 'personal';
  return length < STRONG_LENGTH ? 'fair' : 'strong';
}

/** Whether a new password may be sent. */
export function isUsable(strength: PasswordStrength): boolean {
  return strength === 'fair' || strength === 'strong';
}
