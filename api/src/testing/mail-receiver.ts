import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';

/** A mail as it came over the wire. */
export interface ReceivedMail {
  readonly from: string;
  readonly to: string;
  /** Header and body, quoted-printable taken apart. */
  readonly source: string;
  /** The same as it came. */
  readonly raw: string;
  readonly messageId: string;
}

/** What the receiver does with the next mail. `drop` takes it, but breaks the connection before it says so. */
export type Reaction = 'take' | 'drop' | Refusal;

/** At which command a mail is refused, and how. */
export interface Refusal {
  readonly at: 'CONNECT' | 'MAIL' | 'RCPT' | 'DATA';
  readonly answer: string;
}

const decode = (text: string): string =>
  text
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));

/** A mail server as far as a client needs one (RFC 5321): keeps what it gets. */
export class MailReceiver {
  readonly mails: ReceivedMail[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #reactions: Reaction[] = [];
  #attempts = 0;
  #onTaken: (() => void) | undefined;

  private constructor() {
    this.#server = createServer((socket) => this.#converse(socket));
  }

  static async start(): Promise<MailReceiver> {
    const receiver = new MailReceiver();
    receiver.#server.listen(0, '127.0.0.1');
    await once(receiver.#server, 'listening');
    return receiver;
  }

  get url(): string {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') throw new Error('The receiver does not listen');
    return `smtp://127.0.0.1:${address.port}`;
  }

  /** How many mails were offered, taken or not. */
  get attempts(): number {
    return this.#attempts;
  }

  /** Reactions to the next mails, in order; after them it takes everything. */
  reactTo(...reactions: Reaction[]): void {
    this.#reactions.push(...reactions);
  }

  /** Has something done at the moment in which a mail was taken and its sender does not know yet. */
  onTaken(listener: () => void): void {
    this.#onTaken = listener;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #converse(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    let [buffer, from, to, inData] = ['', '', '', false];
    const say = (line: string): boolean => socket.write(`${line}\r\n`);
    const answer = (at: Refusal['at'], otherwise: string): boolean => say(this.#refusalAt(at) ?? otherwise);
    answer('CONNECT', '220 receiver.test');
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      buffer += chunk;
      for (;;) {
        const end = inData ? '\r\n.\r\n' : '\r\n';
        const at = buffer.indexOf(end);
        if (at < 0) return;
        const line = buffer.slice(0, at);
        buffer = buffer.slice(at + end.length);
        if (inData) {
          inData = false;
          this.#take(socket, { from, to, source: line });
        } else if (/^MAIL FROM:/i.test(line)) answer('MAIL', `250 ${(from = line.slice(10))}`);
        else if (/^RCPT TO:/i.test(line)) answer('RCPT', `250 ${(to = /<(.*)>/.exec(line)?.[1] ?? '')}`);
        else if (/^DATA$/i.test(line)) inData = say('354 go on') || true;
        else if (/^QUIT$/i.test(line)) socket.end('221 bye\r\n');
        else say('250 ok');
      }
    });
  }

  /** How the next mail is refused at this command, if that is the reaction to it. */
  #refusalAt(at: Refusal['at']): string | undefined {
    const [next] = this.#reactions;
    if (next === undefined || typeof next === 'string' || next.at !== at) return undefined;
    this.#reactions.shift();
    this.#attempts += 1;
    return next.answer;
  }

  #take(socket: Socket, { from, to, source }: { from: string; to: string; source: string }): void {
    const refusal = this.#refusalAt('DATA');
    if (refusal !== undefined) socket.write(`${refusal}\r\n`);
    else {
      this.#attempts += 1;
      const reaction = this.#reactions.shift() ?? 'take';
      const messageId = /^Message-ID: *(\S+)/im.exec(source)?.[1] ?? '';
      this.mails.push({ from, to, source: decode(source), raw: source, messageId });
      this.#onTaken?.();
      if (reaction === 'drop') socket.destroy();
      else socket.write('250 taken\r\n');
    }
  }
}
