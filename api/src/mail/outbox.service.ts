import { randomUUID } from 'node:crypto';
import { ProductError, type OutboxMail } from '@health-connect/contract';
import type { Actor } from '../accounts/actor.ts';
import type { Audit } from '../audit/audit.service.ts';
import type { Clock } from '../clock.ts';
import type { Config } from '../config.ts';
import type { Transaction } from '../database/database.ts';
import { isLoopback } from '../http/network.ts';
import { currentNetwork } from '../logging/request-context.ts';
import type { QueueRepository } from '../queue/queue.repository.ts';
import type { MailContent, MailMessage } from './message.ts';
import { requireCan } from '../policy/policy.ts';

/** How many mails an administrator sees. */
const SHOWN = 100;

/**
 * Whether nobody but this machine reaches the server, by its settings. The address alone does not tell: a proxy on the
 * same machine listens for everybody. So no proxy may be announced, and the address that browsers open must be this
 * machine's as well: behind a proxy it is another one, since requests of pages from elsewhere are refused.
 */
function isForThisMachine({ host, trustedProxies, publicUrl }: Parts['config']): boolean {
  return trustedProxies === 0 && isLoopback(host) && isLoopback(new URL(publicUrl).hostname);
}

interface Parts {
  readonly mails: QueueRepository<MailMessage>;
  readonly config: Pick<Config, 'publicUrl' | 'host' | 'mail' | 'trustedProxies'>;
  readonly audit: Audit;
  readonly clock: Clock;
}

/** Mails that wait to be sent. They are written in the transaction of what they tell about, so none is ever lost. */
export class OutboxService {
  readonly #parts: Parts;

  private constructor(parts: Parts) {
    this.#parts = parts;
  }

  static create(parts: Parts): OutboxService {
    return new OutboxService(parts);
  }

  /**
   * Writes a mail.
   * @param lifetimeMs after which sending it would be pointless
   */
  async add(to: string, content: MailContent, lifetimeMs: number, transaction: Transaction): Promise<void> {
    const { mails, config, clock } = this.#parts;
    const now = clock.now();
    const messageId = `<${randomUUID()}@${new URL(config.publicUrl).hostname}>`;
    const times = { now: new Date(now), expiresAt: new Date(now + lifetimeMs) };
    await mails.add({ messageId, to, ...content }, times, transaction);
  }

  /**
   * The mails of an installation without a mail server, newest first.
   * @throws ProductError `forbidden`; `not_found` with a mail server, when others than this machine can reach the server, or when
   * the request came from another one: the links in them would open every account to whoever is administrator
   */
  async list(actor: Actor): Promise<OutboxMail[]> {
    const { mails, config, audit } = this.#parts;
    requireCan(actor, 'outbox.view', undefined);
    const hasOutbox = config.mail === undefined && isForThisMachine(config);
    if (!hasOutbox || !isLoopback(currentNetwork())) throw new ProductError('not_found');
    await audit.record(actor, { action: 'view', resource: 'mail' });
    const kept = await mails.waiting(SHOWN);
    return kept.map(({ id, createdAt, payload: { to, subject, text } }) => ({
      id,
      to,
      subject,
      text,
      createdAt: createdAt.toISOString(),
    }));
  }
}
