import { endpoints, ProductError, type Session } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';

import type { SessionRecord, SessionService } from './session.service.ts';

/** A session as people see it. @param currentId of the session that asks */
export const sessionView = ({ id, device, createdAt, lastUsedAt }: SessionRecord, currentId: string): Session => ({
  id,
  device,
  createdAt: createdAt.toISOString(),
  lastUsedAt: lastUsedAt.toISOString(),
  current: id === currentId,
});

/** The devices on which the own account is signed in. */
export function sessionRoutes(sessions: SessionService): Binding[] {
  return [
    bind(endpoints.sessions.list, async ({ actor }) => {
      const found = await sessions.list(actor.accountId);
      return { sessions: found.map((session) => sessionView(session, actor.sessionId)) };
    }),
    bind(endpoints.sessions.end, async ({ actor, params, cookies }) => {
      const { sessionId } = params;
      // Among the own ones only: somebody else's session is as unknown as one that never was.
      const ended = await sessions.endSessions({ accountId: actor.accountId, only: [sessionId] });
      if (ended === 0) throw new ProductError('not_found');
      if (sessionId === actor.sessionId) cookies.clear();
      return {};
    }),
    bind(endpoints.sessions.endOthers, async ({ actor }) => ({
      ended: await sessions.endSessions({ accountId: actor.accountId, except: actor.sessionId }),
    })),
  ];
}
