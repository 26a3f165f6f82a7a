import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';

/** A network that is closed must not cost more than this. */
const CONNECT_TIMEOUT_MS = 5000;
const TRANSFER_TIMEOUT_MS = 300_000;

/**
 * Fetches a file. The answer has to begin within seconds; the transfer itself may take minutes.
 *
 * @param {string} url
 * @param {string} target
 * @param {(note: string) => void} [onProgress]
 * @returns {Promise<boolean>} false when it cannot be had
 */
export async function download(url, target, onProgress) {
  const abort = new AbortController();
  let timer = setTimeout(() => abort.abort(), CONNECT_TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || !response.body) return false;
    clearTimeout(timer);
    timer = setTimeout(() => abort.abort(), TRANSFER_TIMEOUT_MS);
    await store(response, target, onProgress);

    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
    abort.abort();
  }
}

/**
 * Whether an address answers at all, within seconds. What it answers does not matter.
 *
 * @param {string} url
 * @returns {Promise<boolean>}
 */
export async function isReachable(url) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), CONNECT_TIMEOUT_MS);
  try {
    await fetch(url, { method: 'HEAD', signal: abort.signal });

    return true;
  } catch {
    return false;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {Response} response
 * @param {string} target
 * @param {((note: string) => void) | undefined} onProgress
 */
async function store(response, target, onProgress) {
  if (!response.body) return;
  const total = Number(response.headers.get('content-length') ?? 0);
  let received = 0;
  const source = Readable.fromWeb(/** @type {import('node:stream/web').ReadableStream} */ (response.body));
  source.on('data', (chunk) => {
    received += chunk.length;
    onProgress?.(`downloading ${megabytes(received)}${total ? ` of ${megabytes(total)}` : ''} MB`);
  });
  await finished(source.pipe(createWriteStream(target)));
}

/**
 * @param {number} bytes
 * @returns {string}
 */
function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1);
}
