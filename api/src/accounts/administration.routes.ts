import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { AccountSessionsService } from './account-sessions.service.ts';
import type { AdministrationService } from './administration.service.ts';
import { sessionView } from './session.routes.ts';

/** What administrators do with accounts. */
export function administrationRoutes(service: AdministrationService, sessions: AccountSessionsService): Binding[] {
  const { search, approve, disable, enable, changeRole, resetSecondFactor } = endpoints.adminAccounts;
  return [
    bind(search, ({ actor, body }) => service.search(actor, body)),
    bind(approve, async ({ actor, params }) => ({ account: await service.approve(actor, params.accountId) })),
    bind(disable, async ({ actor, params }) => ({ account: await service.disable(actor, params.accountId) })),
    bind(enable, async ({ actor, params }) => ({ account: await service.enable(actor, params.accountId) })),
    bind(changeRole, async ({ actor, params, body }) => ({
      account: await service.changeRole(actor, params.accountId, body.role),
    })),
    bind(resetSecondFactor, async ({ actor, params }) => ({
      account: await service.resetSecondFactor(actor, params.accountId),
    })),
    bind(endpoints.adminAccounts.sessions, async ({ actor, params }) => {
      const found = await sessions.list(actor, params.accountId);
      return { sessions: found.map((session) => sessionView(session, actor.sessionId)) };
    }),
    bind(endpoints.adminAccounts.endSession, async ({ actor, params }) => {
      await sessions.endOne(actor, params.accountId, params.sessionId);
      return {};
    }),
    bind(endpoints.adminAccounts.endSessions, async ({ actor, params }) => ({
      ended: await sessions.endAll(actor, params.accountId),
    })),
  ];
}
