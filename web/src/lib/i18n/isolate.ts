/** First strong isolate: the text after it has the direction of its own first letter. */
const FSI = '\u2068';
/** Ends it. */
const PDI = '\u2069';
const RIGHT_TO_LEFT = /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

const wrap = (text: string): string => FSI + text + PDI;

/** What is filled into a sentence that reads from right to left: each of it keeps its own order, and the sentence its own. */
export function isolateInRtl<T>(input: T): T | string {
  return typeof input === 'string' && input !== '' ? wrap(input) : input;
}

/** What is filled into a sentence that reads from left to right; most of it does so, too, and stays as it is. */
export function isolateInLtr<T>(input: T): T | string {
  return typeof input === 'string' && RIGHT_TO_LEFT.test(input) ? wrap(input) : input;
}
