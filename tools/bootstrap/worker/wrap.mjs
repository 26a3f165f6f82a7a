/**
 * The directory that a Meson .wrap file names: where Meson looks for the subproject before it would download it.
 *
 * @param {string} text
 * @returns {string | undefined}
 */
export function wrapDirectory(text) {
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    section = /^\s*\[(.+)\]\s*$/.exec(line)?.[1] ?? section;
    const value = /^\s*directory\s*=\s*(.+?)\s*$/.exec(line)?.[1];
    if (value && section === 'wrap-file') return value;
  }

  return undefined;
}
