import nodemailer from 'nodemailer';
import type { MailServer } from '../config.ts';
import type { MailMessage } from './message.ts';
import { PermanentFailure } from '../queue/queue-worker.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Silence after which a connection is given up. */
const SILENCE_TIMEOUT_MS = 30_000;

/** Answers of 500 and above say that the same mail will be refused again (RFC 5321, 4.2.1). */
const FIRST_PERMANENT_CODE = 500;

/** Answer codes 530-538 are about signing in to the mail server: the operator repairs that, the mail stays good. */
const isAboutSignIn = (code: number): boolean => code >= 530 && code <= 538;

function answerCodeOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('responseCode' in error)) return undefined;
  return typeof error.responseCode === 'number' ? error.responseCode : undefined;
}

/** What mail servers say quotes addresses; only the code is kept. */
function toFailure(error: unknown): Error {
  const answerCode = answerCodeOf(error);
  const reason = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  const message = `The mail server did not take the mail (${reason}, answer ${answerCode ?? 'none'})`;
  const permanent = answerCode !== undefined && answerCode >= FIRST_PERMANENT_CODE && !isAboutSignIn(answerCode);
  return permanent ? new PermanentFailure(message) : new Error(message);
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
   * @throws PermanentFailure when the server will never take it
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
