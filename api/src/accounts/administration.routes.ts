import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AdministrationService } from './administration.service.ts';

/** What administrators do with accounts. */
export function administrationRoutes(service: AdministrationService): Binding[] {
  const { search, approve, disable, enable } = endpoints.adminAccounts;
  return [
    bind(search, ({ actor, body }) => service.search(actor, body)),
    bind(approve, async ({ actor, params }) => ({ account: await service.approve(actor, params.accountId) })),
    bind(disable, async ({ actor, params }) => ({ account: await service.disable(actor, params.accountId) })),
    bind(enable, async ({ actor, params }) => ({ account: await service.enable(actor, params.accountId) })),
  ];
}
