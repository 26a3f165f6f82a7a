import { describe, expect, it } from 'vitest';
import { fold } from '../search/words.ts';
import { searchedWords, wordsOf } from './search-words.ts';

describe('words of the directory', () => {
  it.each([
    ['Müller', 'muller'],
    ['José Núñez', 'jose nunez'],
    ['Straße', 'strasse'],
    ['Łukasz', 'lukasz'],
    ['Sørensen', 'sorensen'],
    ['Đorđe Þórðarson', 'dorde thordarson'],
    ['Æsa Lœtitia', 'aesa loetitia'],
    ['Işıl', 'isil'],
    ['ÉLÉONORE', 'eleonore'],
    ['أحمد', 'احمد'],
    ['ﬁbromyalgia', 'fibromyalgia'],
  ])('%s is folded to %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('are found once, whatever their number', () => {
    expect(wordsOf(['Dr. Ana Souza', 'Skin, hair & skin'])).toEqual(['ana', 'souza', 'skin', 'hair']);
    expect(wordsOf(Array.from({ length: 3000 }, (_item, index) => `word${index}`))).toHaveLength(2000);
  });

  it.each([
    ['Müller', ['muller', 'mueller', 'müller', 'MUELLER', 'mull']],
    ['Mueller', ['mueller', 'Müller']],
    ['Sørensen', ['sorensen', 'soerensen', 'Sørensen']],
    ["O'Brien", ['obrien', "o'brien", 'brien', 'O’Brien']],
    ['Al-Sayed', ['alsayed', 'al sayed', 'al-sayed']],
    ['Dr. Minh Do', ['do', 'Dr. Do', 'd']],
    ['Straße', ['strasse', 'straße']],
    ['مصطفى', ['مصطفي', 'مصطفى', 'مصـطفى']],
    ['مصطفي', ['مصطفى']],
    ['فاطمة', ['فاطمه', 'فاطمة']],
    ['محـمّد', ['محمد']],
    ['Κώστας', ['ΚΩΣ', 'κωσ', 'κωστας']],
  ])('of %s are found in every way of writing it', (name, terms) => {
    const words = wordsOf([name]);
    const finds = (term: string): boolean =>
      searchedWords(term).every((ways) => words.some((word) => ways.some((way) => word.startsWith(way))));
    expect(terms.filter((term) => !finds(term))).toEqual([]);
    expect(terms.filter((term) => searchedWords(term).length === 0)).toEqual([]);
  });

  it('that everybody has narrow nothing down', () => {
    expect(searchedWords('dr')).toEqual([]);
    expect(searchedWords('doct')).toEqual([]);
    expect(searchedWords('Doctor for sk')).toEqual([['for'], ['sk']]);
    expect(wordsOf(['Dr. Doctor'])).toEqual([]);
  });

  it.each(['Dr. med. Weber', 'Doktor Weber', 'دكتور Weber', 'الدكتورة Weber'])('find by the name in "%s"', (term) => {
    expect(searchedWords(term)).toEqual([['weber']]);
  });

  it('that are searched for hold no sign of a pattern', () => {
    expect(searchedWords('.* (a|b) ^x$ Dermatology\\')).toEqual([['dermatology'], ['a'], ['b'], ['x']]);
    expect(searchedWords(' -- ')).toEqual([]);
  });
});
