const TITLES = new Set(['dr', 'dr.', 'prof', 'prof.']);

/** One or two letters that stand for a person without a picture; academic titles do not count. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => !TITLES.has(word.toLowerCase()));
  const picked = words.length > 1 ? [words.at(0), words.at(-1)] : words;
  return picked.map((word) => firstLetter(word ?? '').toLocaleUpperCase()).join('');
}

/** The first character, also where it is not one UTF-16 unit. */
function firstLetter(word: string): string {
  const code = word.codePointAt(0);
  return code === undefined ? '' : String.fromCodePoint(code);
}
