import { expect, it } from 'vitest';
import { isolateMessage } from '../../../isolate-inputs.ts';

/** A message as it is compiled, in English and in Arabic. */
const compiled = (english: string, arabic: string): string => `const en_hello = /** @type {() => string} */ (i) => {
\treturn ${english}
};

const ar_hello = /** @type {() => string} */ (i) => {
\treturn ${arabic}
};

const hello = (inputs) => en_hello(inputs)
export { hello as "hello" }`;

it('isolates every input of a compiled message as its language reads', () => {
  const isolated = isolateMessage(compiled('(`Hello, ${i?.name} ${i?.title}`)', '(`مرحبًا ${i?.name}`)'));
  expect(isolated).toBe(
    compiled('(`Hello, ${isolateInLtr(i?.name)} ${isolateInLtr(i?.title)}`)', '(`مرحبًا ${isolateInRtl(i?.name)}`)'),
  );
});

it('leaves what a message makes itself, such as a number', () => {
  const code = compiled('(`In ${shown}`)', '(`في ${shown}`)');
  expect(isolateMessage(code)).toBe(code);
});

it.each([
  ['in another language than those of the app', compiled('(``)', '(``)').replace('ar_hello', 'fr_hello')],
  ['read in another way', compiled('(`Hello, ${i?.["name"]}`)', '(``)')],
  ['without a mark of its own', compiled('(`Hello, ${i.name}`)', '(``)')],
])('builds nothing with an input %s', (_what, code) => {
  const withInput = code.replace('return (``)\n};\n\nconst hello', 'return (`${i?.name}`)\n};\n\nconst hello');
  expect(() => isolateMessage(withInput)).toThrow(/not isolated/);
});

it('builds nothing where the text of one language cannot be told from that of the next', () => {
  const code = compiled('(`Hello, ${i?.name}`)', '(`مرحبًا ${i?.name}`)').replace(
    '\n};\n\nconst ar',
    '\n  };\n\nconst ar',
  );
  expect(() => isolateMessage(code)).toThrow(/of several languages/);
});
