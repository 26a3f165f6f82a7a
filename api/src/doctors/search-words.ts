import * as search from '../search/words.ts';

/** What most doctors have before their names, in the languages of the product: people type it without meaning anything by it. */
const TITLES = ['dr', 'doctor', 'doktor', 'med', 'دكتور', 'دكتورة', 'الدكتور', 'الدكتورة'];
/** As many letters of a title tell that it is going to be one: fewer may be a name, such as Do. */
const TITLE_LETTERS = 3;

/** Every word that a doctor is found by, once, in each way in which people write it. */
export function wordsOf(texts: readonly string[]): string[] {
  return search.wordsOf(texts, (word) => TITLES.includes(word));
}

/** The beginnings of words that somebody searches a doctor by. Titles are left out, also while they are typed. */
export function searchedWords(term: string): string[][] {
  return search.searchedWords(term, isTitle);
}

const isTitle = (word: string): boolean =>
  TITLES.some((title) => title === word || (word.length >= TITLE_LETTERS && title.startsWith(word)));
