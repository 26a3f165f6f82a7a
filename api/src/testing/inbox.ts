import { randomUUID } from 'node:crypto';
import { linkTokenOf, outboxMailSchema, type OutboxMail } from '@health-connect/contract';
import { vi } from 'vitest';
import { z } from 'zod';
import { mailMessageSchema } from '../mail/message.ts';
import { QueueRepository } from '../queue/queue.repository.ts';
import { loadSecrets } from '../secrets/secrets.ts';
import type { TestServer } from './test-server.ts';

/** An address that nobody has used before. */
export const newAddress = (): string => `person.${randomUUID()}@test.example`;

/** The cookie of a new administrator, who reads the outbox. */
export const administratorOf = async (server: TestServer): Promise<string> =>
  server.signIn(await server.person('administrator', 'Ada Admin'));

/** Mails of a server whose outbox nobody is shown, because proxies stand before it. */
async function mailsInQueue({ config, database }: TestServer): Promise<OutboxMail[]> {
  const { queueKey } = await loadSecrets(config);
  const kept = await QueueRepository.create(database.connection, 'mails', mailMessageSchema, queueKey).waiting(100);
  return kept.map(({ id, createdAt, payload: { to, subject, text } }) => {
    return { id, to, subject, text, createdAt: createdAt.toISOString() };
  });
}

/** Mails to an address, newest first, as an administrator reads them in the outbox. */
export async function mailsTo(server: TestServer, administrator: string, email: string): Promise<OutboxMail[]> {
  if (server.config.trustedProxies > 0) return (await mailsInQueue(server)).filter(({ to }) => to === email);
  const response = await server.call('GET', '/api/admin/outbox', { cookie: administrator });
  const { mails } = z.strictObject({ mails: z.array(outboxMailSchema.strict()) }).parse(await response.json());
  return mails.filter(({ to }) => to === email);
}

/** Waits until there are so many mails to an address. @returns the newest */
export function nextMail(server: TestServer, administrator: string, email: string, count = 1): Promise<OutboxMail> {
  return vi.waitFor(async () => {
    const mails = await mailsTo(server, administrator, email);
    const [newest] = mails;
    if (newest === undefined || mails.length !== count) throw new Error(`${mails.length} mails instead of ${count}`);
    return newest;
  }, 10_000);
}

/** The token of the link in a mail. */
export function tokenOf(mail: OutboxMail): string {
  const token = linkTokenOf(/#\S+/.exec(mail.text)?.[0] ?? '');
  if (token === undefined) throw new Error('There is no link with a token in this mail');
  return token;
}

/** Waits until every request of a visitor was handled that is not to wait. */
export function requestsHandled(server: TestServer): Promise<void> {
  return vi.waitFor(async () => {
    const due = { state: 'queued', dueAt: { $lte: new Date(server.clock.now()) } };
    const open = { $or: [{ state: 'working' }, due] };
    const left = await server.database.connection.collection('account_requests').countDocuments(open);
    if (left > 0) throw new Error(`${left} requests are not handled`);
  }, 10_000);
}
