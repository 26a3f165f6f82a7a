import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { CallEventsService } from '../consultations/call-events.service.ts';

/** Where media nodes report to. */
export function webhookRoutes(calls: CallEventsService): Binding[] {
  return [
    bind(endpoints.mediaWebhooks.receive, async ({ body }) => {
      await calls.receive(body);
      return {};
    }),
  ];
}
