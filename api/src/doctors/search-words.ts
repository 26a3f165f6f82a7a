/** Words that every doctor is found by: people type them without meaning anything by it. */
const TITLES = ['dr', 'doctor'];
const MAX_WORDS = 400;
const MAX_WORD_LENGTH = 40;
const MAX_SEARCHED_WORDS = 8;

/** Text without case and accents, so that `Müller` is found by `muller` and `Straße` by `strasse`. */
export function fold(text: string): string {
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('ß', 'ss').normalize('NFC');
}

const wordsIn = (text: string): string[] =>
  (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, MAX_WORD_LENGTH));

/** Every word that a doctor is found by, once. */
export function wordsOf(texts: readonly string[]): string[] {
  return [...new Set([...TITLES, ...texts.flatMap(wordsIn)])].slice(0, MAX_WORDS);
}

/**
 * The beginnings of words that somebody searches for; longer ones first, because fewer doctors have them. What every
 * doctor is found by narrows nothing down and is left out: it would only have all of them looked at.
 */
export function searchedWords(term: string): string[] {
  const narrowing = wordsIn(term).filter((word) => !TITLES.some((title) => title.startsWith(word)));
  return [...new Set(narrowing)].sort((one, other) => other.length - one.length).slice(0, MAX_SEARCHED_WORDS);
}
