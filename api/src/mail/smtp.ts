import nodemailer from 'nodemailer';
import { z } from 'zod';
import type { MailServer } from '../config.ts';
import type { MailMessage } from './message.ts';
import { PermanentFailure } from '../queue/queue-worker.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Silence after which a connection is given up. */
const SILENCE_TIMEOUT_MS = 30_000;

/**
 * Subjects of a refusal that are the recipient's: a mailbox, domain or address that is none, has moved or is no address
 * of a mailbox, and the state of a mailbox (RFC 3463, 3.2 and 3.3; RFC 7505). Others of the same class are the sender's.
 */
const ABOUT_RECIPIENT = /^5\d\d[ -]5\.(?:1\.(?:1|2|3|6|10)|2\.\d{1,3})\b/;
const HAS_SUBJECT = /^5\d\d[ -]\d\.\d{1,3}\./;
/** What servers without subjects say of a mailbox (RFC 5321, 4.2.3); their 554 is about anything. */
const OF_MAILBOX: readonly number[] = [550, 551, 553];

/** What nodemailer says of a refusal. */
const refusalSchema = z.object({
  code: z.string().catch('unknown'),
  /** The SMTP command that was answered. */
  command: z.string().optional().catch(undefined),
  responseCode: z.number().optional().catch(undefined),
  response: z.string().catch(''),
});
type Refusal = z.infer<typeof refusalSchema>;

/**
 * Whether the recipient is refused for good. Everything else is about us (the sender, the connection, a block list, a
 * sign-in) or about the server: an operator repairs that, and the mail stays good until it is too late for it.
 */
function isForGood({ command, responseCode, response }: Refusal): boolean {
  if (command !== 'RCPT TO' || responseCode === undefined) return false;
  return HAS_SUBJECT.test(response) ? ABOUT_RECIPIENT.test(response) : OF_MAILBOX.includes(responseCode);
}

/** What mail servers say quotes addresses; only the codes are kept. */
function toFailure(error: unknown): Error {
  const refusal = refusalSchema.safeParse(error).data;
  const { code = 'unknown', command = 'none', responseCode = 'none' } = refusal ?? {};
  const message = `The mail server did not take the mail (${code}, answer ${responseCode} to ${command})`;
  return refusal !== undefined && isForGood(refusal) ? new PermanentFailure(message) : new Error(message);
}

/** Hands mails over to the hospital's mail server (RFC 5321). */
export class SmtpSender {
  readonly #send: (message: MailMessage) => Promise<unknown>;

  private constructor(send: (message: MailMessage) => Promise<unknown>) {
    this.#send = send;
  }

  static create({ url, from }: MailServer): SmtpSender {
    const { protocol, hostname, port, username, password } = new URL(url);
    const secure = protocol === 'smtps:';
    const transport = nodemailer.createTransport({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? (secure ? 465 : 587) : Number(port),
      secure,
      ...(username === ''
        ? {}
        : {
            auth: { user: decodeURIComponent(username), pass: decodeURIComponent(password) },
            // A password never travels in the clear.
            requireTLS: !secure,
          }),
      connectionTimeout: CONNECT_TIMEOUT_MS,
      greetingTimeout: CONNECT_TIMEOUT_MS,
      socketTimeout: SILENCE_TIMEOUT_MS,
      // Content comes from our templates only; files and addresses in it are never opened.
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    return new SmtpSender(({ to, calendar, ...message }) =>
      transport.sendMail({
        ...message,
        ...(calendar === undefined ? {} : { icalEvent: { ...calendar, filename: 'appointment.ics' } }),
        from,
        to: { name: '', address: to },
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    );
  }

  /**
   * Sends one mail.
   * @throws PermanentFailure when the server will never take a mail for this recipient
   * @throws Error when it may take it later. Should a connection break between the server's acceptance and its answer,
   * the next attempt brings a second copy under the same Message-ID: SMTP has no better (RFC 5321, 4.5.4.1)
   */
  async send(message: MailMessage): Promise<void> {
    try {
      await this.#send(message);
    } catch (error) {
      throw toFailure(error);
    }
  }
}
