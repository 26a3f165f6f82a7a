import { describe, expect, it } from 'vitest';
import { fold, searchedWords, wordsOf } from './search-words.ts';

describe('words of the directory', () => {
  it.each([
    ['Müller', 'muller'],
    ['José Núñez', 'jose nunez'],
    ['Straße', 'strasse'],
    ['Łukasz', 'łukasz'],
    ['ÉLÉONORE', 'eleonore'],
    ['أحمد', 'احمد'],
    ['ﬁbromyalgia', 'fibromyalgia'],
  ])('%s is folded to %s', (text, folded) => {
    expect(fold(text)).toBe(folded);
  });

  it('are found once, whatever their number', () => {
    expect(wordsOf(['Dr. Ana Souza', 'Skin, hair & skin'])).toEqual(['dr', 'doctor', 'ana', 'souza', 'skin', 'hair']);
    expect(wordsOf(Array.from({ length: 1000 }, (_item, index) => `word${index}`))).toHaveLength(400);
  });

  it('that everybody has narrow nothing down', () => {
    expect(searchedWords('dr')).toEqual([]);
    expect(searchedWords('Doctor for sk')).toEqual(['for', 'sk']);
    expect(wordsOf([])).toEqual(expect.arrayContaining(['dr', 'doctor']));
  });

  it('that are searched for hold no sign of a pattern', () => {
    expect(searchedWords('.* (a|b) ^x$ Dermatology\\')).toEqual(['dermatology', 'a', 'b', 'x']);
    expect(searchedWords(' -- ')).toEqual([]);
  });
});
