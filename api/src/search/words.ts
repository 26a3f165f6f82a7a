/** More than the longest texts of a doctor have. */
const MAX_WORDS = 2000;
const MAX_WORD_LENGTH = 40;
const MAX_SEARCHED_WORDS = 8;

/** Letters that are no others with accents, and that keyboards elsewhere do not have. */
const PLAIN_LETTERS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ı: 'i', æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th' }),
);
/** How some of them are written out where their languages are spoken. */
const WRITTEN_OUT: ReadonlyMap<string, string> = new Map(
  Object.entries({ ä: 'ae', ö: 'oe', ü: 'ue', ø: 'oe', å: 'aa' }),
);

/** Text without case and accents, so that `Müller` is found by `muller`, `Straße` by `strasse`, `Sørensen` by `sorensen`. */
export function fold(text: string): string {
  const bare = text.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return bare.replaceAll(/[øłđðħıæœßþ]/g, (letter) => PLAIN_LETTERS.get(letter) ?? letter).normalize('NFC');
}

/** So that `Müller` is found by `mueller`, too. */
const writtenOut = (text: string): string =>
  text
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[äöüøå]/g, (letter) => WRITTEN_OUT.get(letter) ?? letter);

/** Letters that people put in the place of others in Arabic, and the one that Greek has at the end of words. */
const RESPELLED: ReadonlyMap<string, string> = new Map(Object.entries({ ى: 'ي', ة: 'ه', ς: 'σ' }));
/** Draws Arabic words out, and means nothing. */
const TATWEEL = 'ـ';

/** So that `فاطمة` is found by `فاطمه`, too. */
const respelled = (text: string): string =>
  fold(text)
    .replaceAll(TATWEEL, '')
    .replaceAll(/[ىةς]/g, (letter) => RESPELLED.get(letter) ?? letter);

/** So that `O'Brien` is found by `obrien`, too. */
const inOneWord = (text: string): string => text.replaceAll(/(?<=\p{L})['’‘ʼ`´-](?=\p{L})/gu, '');

const wordsIn = (text: string): string[] =>
  (fold(text).match(/[\p{L}\p{N}]+/gu) ?? []).map((word) => word.slice(0, MAX_WORD_LENGTH));

const nothing = (): boolean => false;

/**
 * Every word that something is found by, once, in each way in which people write it.
 * @param isLeftOut words that tell nothing
 */
export function wordsOf(texts: readonly string[], isLeftOut: (word: string) => boolean = nothing): string[] {
  const ways = texts.flatMap((text) => [
    text,
    writtenOut(text),
    respelled(text),
    inOneWord(text),
    inOneWord(writtenOut(text)),
  ]);
  const words = ways.flatMap(wordsIn).filter((word) => !isLeftOut(word));
  return [...new Set(words)].slice(0, MAX_WORDS);
}

/**
 * The beginnings of words that somebody searches for, each in the ways in which it may be written; longer ones first,
 * because fewer things have them. Letters and digits only, so that nothing of it is read as a pattern.
 * @param isLeftOut words that narrow nothing down
 */
export function searchedWords(term: string, isLeftOut: (word: string) => boolean = nothing): string[][] {
  const others = [wordsIn(writtenOut(term)), wordsIn(respelled(term))];
  const ways = wordsIn(term).map((word, index) => [...new Set([word, ...others.map((words) => words[index] ?? word)])]);
  const narrowing = ways.filter(([word = '']) => !isLeftOut(word));
  const once = new Map(narrowing.map((way) => [way[0], way]));
  return [...once.values()].sort(([one = ''], [other = '']) => other.length - one.length).slice(0, MAX_SEARCHED_WORDS);
}
