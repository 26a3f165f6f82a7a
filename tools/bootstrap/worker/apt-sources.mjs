/**
 * The deb-src lines that belong to the package sources of this system: the same servers, suites and keys, asked for
 * sources instead of binaries. Third parties' entries are left out: their suites are not the distribution's.
 *
 * @param {readonly { name: string, text: string }[]} files contents of *.list and *.sources files (sources.list(5))
 * @param {string} codename of the distribution, for example "bookworm"
 * @returns {string[]}
 */
export function sourceEntries(files, codename) {
  const isOwn = (/** @type {string} */ suite) => suite === codename || suite.startsWith(`${codename}-`);
  const lines = files.flatMap(({ name, text }) =>
    name.endsWith('.sources') ? fromStanzas(text, isOwn) : fromLines(text, isOwn),
  );

  return [...new Set(lines)];
}

/**
 * @param {string} text
 * @param {(suite: string) => boolean} isOwn
 * @returns {string[]}
 */
function fromLines(text, isOwn) {
  return text.split('\n').flatMap((line) => {
    const match = /^deb(?:-src)?\s+(\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    if (!match || !isOwn(match[3] ?? '')) return [];

    return [`deb-src ${withoutArchitecture(match[1] ?? '')}${match[2]} ${match[3]} ${match[4]}`];
  });
}

/**
 * @param {string} text
 * @param {(suite: string) => boolean} isOwn
 * @returns {string[]}
 */
function fromStanzas(text, isOwn) {
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (/** @type {string} */ name) =>
      new RegExp(`^${name}:\\s*(.+)$`, 'im').exec(stanza)?.[1]?.trim().split(/\s+/) ?? [];
    if (field('Enabled')[0] === 'no') return [];
    const components = field('Components').join(' ');
    const signedBy = field('Signed-By')[0];
    const options = signedBy?.startsWith('/') ? `[signed-by=${signedBy}] ` : '';

    return field('URIs').flatMap((uri) =>
      field('Suites')
        .filter(isOwn)
        .map((suite) => `deb-src ${options}${uri} ${suite} ${components}`),
    );
  });
}

/** @param {string} options */
function withoutArchitecture(options) {
  const kept = options.trim().replace(/\barch=[^\s\]]+\s*/, '');

  return /^\[\s*\]$/.test(kept) || kept === '' ? '' : `${kept} `;
}
