import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { OutboxService } from './outbox.service.ts';

/** Mails of an installation without a mail server. */
export function outboxRoutes(outbox: OutboxService): Binding[] {
  return [bind(endpoints.outbox.list, async ({ actor }) => ({ mails: await outbox.list(actor) }))];
}
