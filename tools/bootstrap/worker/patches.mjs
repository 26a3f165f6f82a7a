/**
 * @typedef {{ file: string, find: RegExp, replacement: string, why: string }} Patch
 */

/**
 * Changes to the worker's sources, paths below the worker's folder.
 *
 * @type {readonly Patch[]}
 */
export const patches = [
  {
    file: 'meson.build',
    find: /meson_version: '>= [\d.]+'/,
    replacement: "meson_version: '>= 1.0.0'",
    why: 'Debian 12 has Meson 1.0.1, which configures the worker as well',
  },
  {
    file: 'src/RTC/DtlsTransport.cpp',
    find: /\(operationType == BIO_CB_RETURN\) \?/,
    replacement: '((operationType & BIO_CB_RETURN) != 0) ?',
    // The callback answers 1 for every operation that has ended but the plain one, so OpenSSL takes "does this BIO
    // send through kernel TLS?" for a yes where kernel TLS is compiled in, and writes to a buffer it never made.
    why: "with a distribution's OpenSSL (kernel TLS compiled in) the worker would die at the first DTLS handshake",
  },
];

/**
 * @param {string} text
 * @param {Patch} patch
 * @returns {string | undefined} undefined when the place is not there
 */
export function applyPatch(text, patch) {
  return patch.find.test(text) ? text.replace(patch.find, patch.replacement) : undefined;
}
