import type { Role } from './account.ts';

/**
 * Who may call a route or send a socket request. There is no default: each declaration names one.
 * - `public`: anybody, signed in or not
 * - `visitor`: the same; whoever is signed in is recognized
 * - `signed-in`: any account
 * - `roles`: accounts with one of these roles
 * - `media-node`: a media node that signs its requests with its own key
 * Relations (own record, party of an appointment) are decided by the service that answers.
 */
export type Access =
  | { readonly kind: 'public' }
  | { readonly kind: 'visitor' }
  | { readonly kind: 'signed-in' }
  | { readonly kind: 'roles'; readonly roles: readonly [Role, ...Role[]] }
  | { readonly kind: 'media-node' };

export const access = {
  public: { kind: 'public' },
  visitor: { kind: 'visitor' },
  signedIn: { kind: 'signed-in' },
  mediaNode: { kind: 'media-node' },
  roles: (...roles: [Role, ...Role[]]): Extract<Access, { kind: 'roles' }> => ({ kind: 'roles', roles }),
} as const satisfies Record<string, Access | ((...roles: [Role, ...Role[]]) => Access)>;

/** Whether an account role satisfies a declaration; `undefined` is a visitor who is not signed in. */
export function permits(declared: Access, role: Role | undefined): boolean {
  switch (declared.kind) {
    case 'public':
    case 'visitor':
      return true;
    case 'signed-in':
      return role !== undefined;
    case 'roles':
      return role !== undefined && declared.roles.includes(role);
    case 'media-node':
      return false;
  }
}
