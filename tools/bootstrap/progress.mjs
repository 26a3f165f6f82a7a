const PLAIN_INTERVAL_MS = 15_000;
const TERMINAL_INTERVAL_MS = 1000;
/** Steps that end sooner than this are not worth a line. */
const WORTH_A_LINE_MS = 1500;

/**
 * @param {number} ms
 * @returns {string} for example "2:05"
 */
export function formatElapsed(ms) {
  const seconds = Math.floor(ms / 1000);

  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/**
 * Says how the steps that run side by side are getting on: on a terminal in one line that is drawn again each second,
 * elsewhere a line each 15 seconds. A start at which nothing has to be done prints nothing.
 */
export class Progress {
  /** @type {Map<string, string>} */
  #notes = new Map();
  #startedAt = Date.now();
  /** @type {NodeJS.Timeout | undefined} */
  #timer;
  #output;
  #drawn = false;

  /** @param {NodeJS.WriteStream} [output] */
  constructor(output = process.stderr) {
    this.#output = output;
  }

  /**
   * Runs one step and shows it until it ends.
   *
   * @template T
   * @param {string} name
   * @param {(step: Step) => Promise<T>} work
   * @returns {Promise<T>}
   */
  async step(name, work) {
    const startedAt = Date.now();
    const step = new Step(
      (note) => this.#notes.set(name, note),
      (line) => this.line(`${name}: ${line}`),
    );
    this.#notes.set(name, '');
    this.#tick();

    try {
      const result = await work(step);
      const tookMs = Date.now() - startedAt;
      this.#notes.delete(name);
      if (tookMs > WORTH_A_LINE_MS) this.line(`${name}: done in ${formatElapsed(tookMs)}`);

      return result;
    } catch (error) {
      this.#notes.delete(name);
      this.line(`${name}: failed after ${formatElapsed(Date.now() - startedAt)}`);
      throw error;
    } finally {
      if (this.#notes.size === 0) this.close();
    }
  }

  /**
   * Prints a line that stays.
   *
   * @param {string} text
   */
  line(text) {
    this.#erase();
    this.#output.write(`[${formatElapsed(Date.now() - this.#startedAt)}] ${text}\n`);
  }

  close() {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#erase();
  }

  #tick() {
    if (this.#timer) return;
    const everyMs = this.#output.isTTY ? TERMINAL_INTERVAL_MS : PLAIN_INTERVAL_MS;
    this.#timer = setInterval(() => this.#show(), everyMs);
    this.#timer.unref();
  }

  #show() {
    const steps = [...this.#notes].map(([name, note]) => (note ? `${name}: ${note}` : name));
    if (steps.length === 0) return;
    const text = `[${formatElapsed(Date.now() - this.#startedAt)}] ${steps.join(' · ')}`;
    if (!this.#output.isTTY) {
      this.#output.write(`${text}\n`);
      return;
    }

    this.#erase();
    this.#output.write(text.slice(0, (this.#output.columns ?? 80) - 1));
    this.#drawn = true;
  }

  #erase() {
    if (this.#drawn) this.#output.write('\r\u001b[K');
    this.#drawn = false;
  }
}

/** One step's way to say what it is doing. */
export class Step {
  #note;
  #line;

  /**
   * @param {(note: string) => void} note
   * @param {(line: string) => void} line
   */
  constructor(note, line) {
    this.#note = note;
    this.#line = line;
  }

  /**
   * What the step is doing just now.
   *
   * @param {string} text
   */
  note(text) {
    this.#note(text);
  }

  /**
   * Something worth a line of its own.
   *
   * @param {string} text
   */
  say(text) {
    this.#line(text);
  }
}
