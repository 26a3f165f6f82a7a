import { searchedWords, wordsOf } from '../search/words.ts';

/** What administrators look for in an account. */
export interface AccountTerm {
  /** Beginnings of words of the name or the address, each in the ways in which it may be written; or of `@` and a domain. */
  readonly words: readonly (readonly string[])[];
  /** Beginnings of the whole address: what was typed with something before an @. */
  readonly addresses: readonly string[];
}

/** The words that an account is found by: those of the name, those of its address, and what follows there from the @ on. */
export function accountWords({ name, email }: { readonly name: string; readonly email: string }): string[] {
  return [...wordsOf([name, email]), email.slice(email.lastIndexOf('@')).toLowerCase()];
}

/** @returns `undefined` when nothing in the text is a word: nothing is found by it */
export function accountTerm(text: string): AccountTerm | undefined {
  const parts = text.split(/\s+/).filter((part) => part !== '@');
  const withAt = parts.filter((part) => part.includes('@')).map((part) => part.toLowerCase());
  const domains = withAt.filter((part) => part.startsWith('@'));
  const addresses = withAt.filter((part) => !part.startsWith('@'));
  // A whole domain narrows down more than a word.
  const words = [
    ...domains.map((domain) => [domain]),
    ...searchedWords(parts.filter((part) => !part.includes('@')).join(' ')),
  ];
  return words.length + addresses.length === 0 ? undefined : { words, addresses };
}
