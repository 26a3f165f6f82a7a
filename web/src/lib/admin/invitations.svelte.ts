import { type Invitation, invitationEndpoints, type InvitedRole } from '@health-connect/contract';
import type { ApiCall } from '../api/client.ts';
import { Resource } from '../api/resource.svelte.ts';

/** Invitations that can still be accepted. */
export class Invitations {
  readonly list: Resource<readonly Invitation[]>;
  readonly #call: ApiCall;

  private constructor(call: ApiCall) {
    this.#call = call;
    this.list = Resource.create(async (signal) => {
      const { invitations } = await call(invitationEndpoints.list, {}, { signal });
      return invitations;
    });
  }

  static create(call: ApiCall): Invitations {
    return new Invitations(call);
  }

  /** Throws `email_taken` when there is an account with this address. */
  async invite(email: string, role: InvitedRole): Promise<void> {
    await this.#call(invitationEndpoints.invite, { body: { email, role } });
    await this.list.load();
  }

  async revoke(invitationId: string): Promise<void> {
    await this.#call(invitationEndpoints.revoke, { params: { invitationId } });
    await this.list.load();
  }
}
