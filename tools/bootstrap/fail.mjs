/**
 * A failure that the person at the terminal can do something about. Its message is one sentence saying what to do;
 * `details` (the end of a tool's output, for example) is printed before it.
 */
export class BootstrapError extends Error {
  /**
   * @param {string} message
   * @param {string} [details]
   */
  constructor(message, details = '') {
    super(message);
    this.name = 'BootstrapError';
    this.details = details;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
