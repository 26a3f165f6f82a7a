import { searchedWords, wordsOf } from '../search/words.ts';

/** What administrators look for in an account. */
export interface AccountTerm {
  /** Beginnings of words of the name, or of what stands before the @, each in the ways in which it may be written. */
  readonly words: readonly (readonly string[])[];
  /** Beginnings of the whole address: what was typed with an @. */
  readonly addresses: readonly string[];
}

/** The words that an account is found by: those of the name, and those before the @ of its address. */
export function accountWords({ name, email }: { readonly name: string; readonly email: string }): string[] {
  return wordsOf([name, email.slice(0, email.lastIndexOf('@'))]);
}

/** @returns `undefined` when nothing in the text is a word: nothing is found by it */
export function accountTerm(text: string): AccountTerm | undefined {
  const parts = text.split(/\s+/);
  const addresses = parts.filter((part) => part.includes('@')).map((part) => part.toLowerCase());
  const words = searchedWords(parts.filter((part) => !part.includes('@')).join(' '));
  return words.length + addresses.length === 0 ? undefined : { words, addresses };
}
