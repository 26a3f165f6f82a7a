import { dictionary } from '@zxcvbn-ts/language-common';
import { ProductError } from '@health-connect/contract';

/** About 49,000 passwords that leaked most often, bundled with the product. */
const COMMON: ReadonlySet<string> = new Set(dictionary['passwords-common'].map((entry) => entry.toLowerCase()));
const PRODUCT_WORDS = ['healthconnect', 'health-connect', 'health connect'];
/** A repeated or personal word of fewer characters says little about a password. */
const MIN_WORD_LENGTH = 4;
const MAX_PADDING_LENGTH = 5;

/** Whose password it is: what others know of a person is guessed first (NIST SP 800-63B, 3.1.1.2). */
export interface PasswordOwner {
  readonly name: string;
  readonly email: string;
}

/** The shortest piece of which the text is a repetition. */
function unitOf(text: string): string {
  const period = (text + text).indexOf(text, 1);
  return text.slice(0, period);
}

/** Neighbours in the alphabet or among the digits, up or down: `abcdefghijkl`, `123456789012`. */
function isSequence(text: string): boolean {
  const steps = Array.from(text.slice(1)).map((character, index) => {
    const step = character.charCodeAt(0) - text.charCodeAt(index);
    if (step === -9 && character === '0') return 1;
    return step === 9 && character === '9' ? -1 : step;
  });
  return Math.abs(steps[0] ?? 0) === 1 && steps.every((step) => step === steps[0]);
}

const isPredictable = (text: string): boolean =>
  COMMON.has(text) || isSequence(text) || unitOf(text).length < MIN_WORD_LENGTH;

/** A known word with something short or predictable after it: `password1234`, `Healthconnect!!`. */
function isPaddedWord(text: string, words: ReadonlySet<string>): boolean {
  const [, word = '', padding = ''] = /^(.*?)([\d\p{P}\p{S}\s]*)$/su.exec(text) ?? [];
  if (word.length < MIN_WORD_LENGTH || !(words.has(word) || COMMON.has(word))) return false;
  return padding.length <= MAX_PADDING_LENGTH || isPredictable(padding);
}

function personalWords({ name, email }: PasswordOwner): ReadonlySet<string> {
  const [local = '', domain = ''] = email.split('@', 2);
  const parts = [...name.split(/\s+/), ...local.split(/[._+-]/), domain.split('.', 1)[0] ?? ''];
  const words = [name, name.replaceAll(/\s+/g, ''), email, local, ...parts, ...PRODUCT_WORDS];
  return new Set(words.map((word) => word.normalize('NFKC').toLowerCase()));
}

/** Whether a password is among the first ones that somebody would guess. */
export function isCommonPassword(password: string, owner: PasswordOwner): boolean {
  const text = password.normalize('NFKC').toLowerCase();
  const words = personalWords(owner);
  const unit = unitOf(text);
  return isPredictable(text) || words.has(text) || words.has(unit) || COMMON.has(unit) || isPaddedWord(text, words);
}

/**
 * The one check of a password that somebody chooses, after `newPasswordSchema` (R32, NIST SP 800-63B).
 * @throws ProductError `password_common`
 */
export function requireGoodPassword(password: string, owner: PasswordOwner): void {
  if (isCommonPassword(password, owner)) throw new ProductError('password_common');
}
