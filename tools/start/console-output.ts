import { paint, renderMongodLine, renderServerLine } from './log-line.ts';

const NAME_WIDTH = 'media-server'.length;
const COLOURS: Readonly<Record<string, number>> = { mongod: 35, 'media-server': 36, api: 34, start: 90 };

/** Writes every process's lines under its name, in colour on a terminal only. */
export class ConsoleOutput {
  readonly #stream: NodeJS.WriteStream;
  readonly #colour: boolean;

  private constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#colour = stream.isTTY && !process.env['NO_COLOR'];
  }

  static create(stream: NodeJS.WriteStream = process.stdout): ConsoleOutput {
    return new ConsoleOutput(stream);
  }

  /** A line of a process's output. */
  fromProcess(name: string, line: string): void {
    const text = name === 'mongod' ? renderMongodLine(line, this.#colour) : renderServerLine(line, this.#colour);
    if (text !== undefined) this.#write(name, text);
  }

  /** Something that the supervisor has to say. */
  say(text: string): void {
    this.#write('start', text);
  }

  /** Text that stands for itself. */
  plain(text: string): void {
    this.#stream.write(`${text}\n`);
  }

  #write(name: string, text: string): void {
    const prefix = paint(name.padEnd(NAME_WIDTH), COLOURS[name], this.#colour);
    this.#stream.write(
      text
        .split('\n')
        .map((line) => `${prefix} | ${line}\n`)
        .join(''),
    );
  }
}
