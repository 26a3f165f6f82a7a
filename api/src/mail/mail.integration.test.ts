import { randomBytes } from 'node:crypto';
import { ProductError } from '@health-connect/contract';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import type { Actor } from '../accounts/actor.ts';
import { calendarEntry } from '../calendar/calendar-entry.ts';
import { loadConfig } from '../config.ts';
import { Database } from '../database/database.ts';
import { newId } from '../database/ids.ts';
import { createLogger } from '../logging/logger.ts';
import { runWithRequestId } from '../logging/request-context.ts';
import { retryDelayMs } from '../queue/queue-worker.ts';
import { QueueRepository } from '../queue/queue.repository.ts';
import { readCalendar } from '../testing/calendar-reader.ts';
import { cuttableWay } from '../testing/cuttable-way.ts';
import { MailReceiver } from '../testing/mail-receiver.ts';
import { TestClock } from '../testing/test-clock.ts';
import { databaseUri } from '../testing/test-server.ts';
import { createMail } from './mail.services.ts';
import { mailMessageSchema, type MailContent } from './message.ts';

const DAY_MS = 24 * 60 * 60_000;
const NOT_NOW = { at: 'DATA', answer: '451 try later' } as const;
const NOBODY = { at: 'RCPT', answer: '550 5.1.1 no such user here' } as const;
/** Nobody reads the outbox here; that it is recorded is tested over HTTP. */
const audit = { record: () => Promise.resolve(), recordIn: () => Promise.resolve() };
const CONTENT: MailContent = { subject: 'Hello', text: 'A secret-link stands here.\n', html: '<p>secret-link</p>' };

const uri = databaseUri();
let database: Database;
let receiver: MailReceiver;
let clock: TestClock;
let logLines: string[];
let queueKey: Buffer;
let mail: ReturnType<typeof createMail>;

beforeAll(async () => {
  const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
  database = await Database.connect(uri, logger);
});
afterAll(async () => {
  await database.connection.dropDatabase();
  await database.close();
});
beforeEach(async () => {
  [receiver, clock, logLines, queueKey] = [await MailReceiver.start(), new TestClock(), [], randomBytes(32)];
  mail = start();
  await database.ensureIndexes();
});
afterEach(async () => {
  await mail.mailWorker?.close();
  await receiver.close();
  await database.connection.collection('mails').deleteMany({});
});

function start(from = database): ReturnType<typeof createMail> {
  const config = loadConfig({
    MONGODB_URI: 'mongodb://unused',
    HC_SMTP_URL: receiver.url,
    HC_MAIL_FROM: 'Clinic <no-reply@clinic.example>',
  });
  const logger = createLogger({ logLevel: 'debug', logFormat: 'json' }, { write: (line) => void logLines.push(line) });
  return createMail({ config, secrets: { queueKey }, database: from, audit, clock, logger });
}

const add = (to: string, lifetimeMs = DAY_MS): Promise<void> =>
  database.transaction((transaction) => mail.outbox.add(to, CONTENT, lifetimeMs, transaction));

async function statesOf(): Promise<string[]> {
  const found = await database.connection.collection('mails').find().toArray();
  return z
    .array(z.object({ state: z.string() }))
    .parse(found)
    .map(({ state }) => state);
}

const reader: Actor = {
  accountId: newId(),
  role: 'administrator',
  name: 'Ada Admin',
  email: 'ada@test.example',
  status: 'active',
  avatarId: null,
  timeZone: null,
  sessionId: 's',
  sessionExpiresAt: new Date(0),
};

const settled = (...states: string[]) => vi.waitFor(async () => expect(await statesOf()).toEqual(states), 5000);

describe('the outbox', () => {
  it('hands a mail over to the mail server once, and keeps nothing of its content', async () => {
    await add('pia@test.example');
    mail.mailWorker?.wake();
    await settled('done');
    expect(receiver.mails).toHaveLength(1);
    expect(receiver.mails[0]).toMatchObject({ to: 'pia@test.example' });
    expect(receiver.mails[0]?.from).toContain('no-reply@clinic.example');
    expect(receiver.mails[0]?.source).toContain('secret-link');
    const emptied = { payload: Buffer.alloc(0) };
    expect(await database.connection.collection('mails').countDocuments(emptied)).toBe(1);
  });

  it.each([
    ['127.0.0.1', 'ok'],
    ['::ffff:127.0.0.1', 'ok'],
    ['192.0.2.1', 'not_found'],
    [undefined, 'not_found'],
  ])('is shown to %s: %s', async (network, expected) => {
    const config = loadConfig({ MONGODB_URI: 'mongodb://unused' });
    const { outbox } = createMail({
      config,
      secrets: { queueKey },
      database,
      audit,
      clock,
      logger: createLogger({ logLevel: 'silent', logFormat: 'json' }),
    });
    const list = (): Promise<unknown> => outbox.list(reader);
    const code = await runWithRequestId('r', list, network).then(
      () => 'ok',
      (error: unknown) => (error instanceof ProductError ? error.code : error),
    );
    expect(code).toBe(expected);
  });

  it('sends a calendar entry so that calendars take it (RFC 6047)', async () => {
    const entry = calendarEntry({
      method: 'REQUEST',
      uid: 'one@health-connect',
      sequence: 2,
      status: 'confirmed',
      startsAt: new Date('2026-11-01T06:30:00Z'),
      endsAt: new Date('2026-11-01T06:50:00Z'),
      stampedAt: new Date(clock.now()),
      otherName: 'Dr. Müller-Lüdenscheidt, Fachärztin für Innere Medizin und Kardiologie',
      notes: [],
      url: 'https://clinic.example/appointments/1',
      organizer: { name: 'Clinic', email: 'no-reply@clinic.example' },
      recipient: { name: 'Pia', email: 'pia@test.example' },
    });
    const calendar = { method: 'REQUEST', content: entry } as const;
    await database.transaction((transaction) =>
      mail.outbox.add('pia@test.example', { ...CONTENT, calendar }, DAY_MS, transaction),
    );
    mail.mailWorker?.wake();
    await settled('done');
    const part = /content-type: text\/calendar;([^]*?)\r\n\r\n([^]*?)\r\n--/i.exec(receiver.mails[0]?.raw ?? '');
    const [, headers = '', body = ''] = part ?? [];
    expect(headers).toMatch(/method=REQUEST/);
    expect(headers).toMatch(/charset=utf-8/i);
    expect(headers).toMatch(/content-transfer-encoding: quoted-printable/i);
    const bytes = body
      .replaceAll('=\r\n', '')
      .replaceAll(/=([0-9A-F]{2})/g, (_whole, hex: string) => String.fromCharCode(parseInt(hex, 16)));
    const received = Buffer.from(bytes, 'latin1').toString('utf8');
    expect(received.trim()).toBe(entry.trim());
    expect(readCalendar(received)).toMatchObject({ method: 'REQUEST', sequence: 2, attendees: ['pia@test.example'] });
    expect(receiver.mails[0]?.raw).toContain('filename=appointment.ics');
  });

  it('keeps what waits encrypted: a copy of the database opens no account', async () => {
    await add('pia@test.example');
    const [stored] = await database.connection.collection('mails').find({}, { raw: true }).toArray();
    const bytes = Buffer.isBuffer(stored) ? stored : Buffer.from(JSON.stringify(stored));
    expect(bytes.includes('secret-link')).toBe(false);
    expect(bytes.includes('pia@test.example')).toBe(false);
  });

  it('is not written when the change that causes it is not', async () => {
    const attempt = database.transaction(async (transaction) => {
      await mail.outbox.add('pia@test.example', CONTENT, DAY_MS, transaction);
      throw new Error('stop');
    });
    await expect(attempt).rejects.toThrow('stop');
    expect(await statesOf()).toEqual([]);
  });

  it('tries again later when the server cannot take it now, with growing pauses', async () => {
    receiver.reactTo(NOT_NOW, NOT_NOW);
    await add('pia@test.example');
    for (const attempt of [1, 2]) {
      mail.mailWorker?.wake();
      await vi.waitFor(() => expect(receiver.attempts).toBe(attempt), 10_000);
      await settled('queued');
      clock.advance(retryDelayMs(attempt) - 1);
      mail.mailWorker?.wake();
      await settled('queued');
      expect(receiver.attempts).toBe(attempt);
      clock.advance(1);
    }
    mail.mailWorker?.wake();
    await settled('done');
    expect(receiver.mails).toHaveLength(1);
    expect(retryDelayMs(2)).toBe(2 * retryDelayMs(1));
    expect(retryDelayMs(50)).toBe(60 * 60_000);
  });

  it.each([
    ['in old words', '550 no such user here'],
    ['by the address', '550 5.1.1 no such user here'],
    ['by the mailbox', '552 5.2.2 the mailbox is full'],
  ])('gives up at once when the recipient is refused, %s', async (_how, answer) => {
    receiver.reactTo({ at: 'RCPT', answer });
    await add('pia@test.example');
    mail.mailWorker?.wake();
    await settled('failed');
    clock.advance(DAY_MS / 2);
    mail.mailWorker?.wake();
    await mail.mailWorker?.close();
    expect(receiver.attempts).toBe(1);
  });

  it.each([
    ['there are too many connections', { at: 'CONNECT', answer: '554 too many connections' }],
    ['the sender is not allowed yet', { at: 'MAIL', answer: '550 5.7.1 sender not allowed' }],
    ['we stand on a block list', { at: 'RCPT', answer: '554 5.7.1 client host blocked' }],
    ['we are not known as a sender', { at: 'RCPT', answer: '550 5.7.1 relaying denied' }],
    [
      'the sender is not known, which the server says late',
      { at: 'RCPT', answer: '550 5.1.8 sender domain not found' },
    ],
    ['we stand on a block list, in old words', { at: 'RCPT', answer: '554 blocked' }],
    ['its filter does not trust us', { at: 'DATA', answer: '554 5.7.1 not from you' }],
  ] as const)('loses no mail because %s', async (_why, refusal) => {
    receiver.reactTo(refusal);
    await add('pia@test.example');
    mail.mailWorker?.wake();
    await vi.waitFor(() => expect(receiver.attempts).toBe(1), 10_000);
    await settled('queued');
    clock.advance(retryDelayMs(1));
    mail.mailWorker?.wake();
    await settled('done');
    expect(receiver.mails).toHaveLength(1);
  });

  it('does not send again what was sent while the database was away for a moment', async () => {
    await add('pia@test.example');
    const way = await cuttableWay(uri);
    const logger = createLogger({ logLevel: 'silent', logFormat: 'json' });
    const away = await Database.connect(way.uri, logger);
    const { mailWorker } = start(away);
    receiver.onTaken(() => way.cut());
    mailWorker?.wake();
    await vi.waitFor(() => expect(logLines.join('')).toContain('could not be noted yet'), 10_000);
    expect(receiver.mails).toHaveLength(1);
    way.mend();
    await settled('done');
    clock.advance(DAY_MS / 2);
    mail.mailWorker?.wake();
    await mail.mailWorker?.close();
    expect(receiver.attempts).toBe(1);
    await mailWorker?.close();
    await away.close();
    way.close();
  });

  it('does not send what is too late to be of use', async () => {
    await add('pia@test.example', 60_000);
    clock.advance(60_000);
    mail.mailWorker?.wake();
    await settled('failed');
    expect(receiver.attempts).toBe(0);
  });

  it('never sends one mail from two servers at once', async () => {
    const other = start();
    for (let count = 0; count < 20; count += 1) await add(`p${count}@test.example`);
    mail.mailWorker?.wake();
    other.mailWorker?.wake();
    await settled(...Array.from({ length: 20 }, () => 'done'));
    await other.mailWorker?.close();
    expect(new Set(receiver.mails.map(({ to }) => to)).size).toBe(20);
    expect(receiver.mails).toHaveLength(20);
  });

  it('is taken over from a server that died, and not before its lease has run out', async () => {
    await add('pia@test.example');
    const mails = QueueRepository.create(database.connection, 'mails', mailMessageSchema, queueKey);
    const dead = await mails.claim(new Date(clock.now()), 120_000);
    mail.mailWorker?.wake();
    await mail.mailWorker?.close();
    expect(receiver.attempts).toBe(0);
    mail = start();
    clock.advance(120_000);
    mail.mailWorker?.wake();
    await settled('done');
    expect(receiver.mails).toHaveLength(1);
    if (dead === undefined) throw new Error('There was nothing to claim');
    expect(await mails.release(dead, new Date(clock.now()))).toBe(false);
    expect(await statesOf()).toEqual(['done']);
  });

  it('keeps the Message-ID when nobody can know whether the first copy arrived', async () => {
    receiver.reactTo('drop');
    await add('pia@test.example');
    mail.mailWorker?.wake();
    await vi.waitFor(() => expect(receiver.attempts).toBe(1), 10_000);
    await settled('queued');
    clock.advance(retryDelayMs(1));
    mail.mailWorker?.wake();
    await settled('done');
    expect(receiver.mails).toHaveLength(2);
    expect(receiver.mails[0]?.messageId).toMatch(/^<[0-9a-f-]{36}@localhost>$/);
    expect(receiver.mails[1]?.messageId).toBe(receiver.mails[0]?.messageId);
  });

  it('logs neither addresses nor contents (P3)', async () => {
    receiver.reactTo(NOT_NOW, NOBODY);
    await add('pia@test.example');
    await add('pio@test.example');
    mail.mailWorker?.wake();
    await settled('queued', 'failed');
    expect(logLines.length).toBeGreaterThan(1);
    expect(logLines.join('')).not.toMatch(/test\.example|secret-link/);
  });
});
