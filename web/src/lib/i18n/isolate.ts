/** First strong isolate: the text after it has the direction of its own first letter. */
const FSI = '\u2068';
/** The text after it reads from left to right, or from right to left. */
const LRI = '\u2066';
const RLI = '\u2067';
/** Ends either. */
const PDI = '\u2069';
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;
const ISOLATED = /[\u2066-\u2068]/;
/** A title before a name: at the end of a line its full stop would stand between two directions. */
const ABBREVIATED = /(\p{L}\.) (?=\p{L})/gu;

/**
 * What is filled into a sentence that reads from right to left: each of it keeps its own order, and the sentence its own.
 * Something that others were filled into before is a sentence of the same language.
 */
export function isolateInRtl<T>(input: T): T | string {
  if (typeof input !== 'string' || input === '') return input;
  return ISOLATED.test(input) ? RLI + input + PDI : FSI + input.replaceAll(ABBREVIATED, '$1\u00a0') + PDI;
}

/** What is filled into a sentence that reads from left to right; most of it does so, too, and stays as it is. */
export function isolateInLtr<T>(input: T): T | string {
  if (typeof input !== 'string' || !RIGHT_TO_LEFT.test(input)) return input;
  return (ISOLATED.test(input) ? LRI : FSI) + input + PDI;
}
