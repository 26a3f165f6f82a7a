import { endpoints } from '@health-connect/contract';
import { bind, type Binding } from '../http/binding.ts';
import type { InvitationService } from './invitation.service.ts';

/** Invitations: made and taken back by administrators, accepted by whoever holds the token. */
export function invitationRoutes(service: InvitationService): Binding[] {
  return [
    bind(endpoints.invitations.invite, async ({ actor, body }) => ({
      invitation: await service.invite(actor, body.role, body.email),
    })),
    bind(endpoints.invitations.list, async ({ actor }) => ({
      invitations: await service.list(actor),
    })),
    bind(endpoints.invitations.revoke, async ({ actor, params }) => {
      await service.revoke(actor, params.invitationId);
      return {};
    }),
    bind(endpoints.invitations.show, ({ body }) => service.show(body.token)),
    bind(endpoints.invitations.accept, ({ body }) => service.accept(body)),
  ];
}
